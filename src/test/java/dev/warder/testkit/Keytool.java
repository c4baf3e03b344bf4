package dev.warder.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The {@code keytool} of this JDK, in one process for all commands, which takes as long to start as they do. Its files protect
 * nothing, so that their keys are derived in one step instead of 10,000.
 */
final class Keytool {
    private static final String TOOL = "sun.security.tools.keytool";
    private static final List<String> OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dkeystore.pkcs12.keyPbeIterationCount=1",
            "-Dkeystore.pkcs12.certPbeIterationCount=1",
            "-Dkeystore.pkcs12.macIterationCount=1",
            "--add-exports=java.base/" + TOOL + "=ALL-UNNAMED");

    private Keytool() {}

    /**
     * Runs commands on PKCS#12 files with this password, 60 s at most.
     *
     * @param commands each with what follows it, the file too
     */
    static void run(String password, List<List<String>> commands) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Keytool.class.getName()));
        var lines = commands.stream()
                .map(each -> String.join("\t", each) + "\t-storetype\tPKCS12\t-storepass\t" + password)
                .toList();
        var input = Files.write(Files.createTempFile("keytool", ".in"), lines);
        var log = Files.createTempFile("keytool", ".log");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(input.toFile())
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("keytool failed: " + Files.readString(log));
        }
        Files.delete(input);
        Files.delete(log);
    }

    /** Runs the commands of standard input, a line each, whose arguments are divided by tabs; the tool ends the process if one fails. */
    public static void main(String[] none) throws Exception {
        var tool = Class.forName(TOOL + ".Main").getMethod("main", String[].class);
        for (var line : new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList()) {
            tool.invoke(null, (Object) line.split("\t"));
        }
    }
}
