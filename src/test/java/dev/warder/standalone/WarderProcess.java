package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.warder.testkit.Limit;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The built WAR, started by {@code java -jar}; its temporary files lie in a folder of the test. */
public final class WarderProcess implements AutoCloseable {
    private static final Duration PATIENCE = Limit.seconds(30);
    private static final Pattern READY = Pattern.compile("is ready: (\\S+)");

    private static final Pattern TOKEN = Pattern.compile("wrd_[a-z2-7]{8}_[a-z2-7]{59}");
    private static final Pattern TOTAL = Pattern.compile("Total +\\d+ +(\\d+)");

    private final Path temporary;
    private final Path out;
    private final Path err;
    private final Process process;

    /** One that runs for some seconds: without the second compiler it needs less of the processors. */
    public WarderProcess(Path folder, String... arguments) throws IOException {
        this(folder, List.of("-XX:TieredStopAtLevel=1"), arguments);
    }

    /** @param options of the virtual machine */
    WarderProcess(Path folder, List<String> options, String... arguments) throws IOException {
        this(List.of(), folder, options, arguments);
    }

    private WarderProcess(List<String> before, Path folder, List<String> options, String... arguments)
            throws IOException {
        this.temporary = Files.createDirectories(folder.resolve("tmp"));
        this.out = folder.resolve("out");
        this.err = folder.resolve("err");
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-Djava.io.tmpdir=" + temporary));
        command.addAll(options);
        command.addAll(List.of("-jar", war()));
        command.addAll(List.of(arguments));
        this.process = start(command, Map.of());
    }

    /**
     * A command that starts Java by itself; its temporary files lie in {@code tmp} of {@code folder} if it is told so.
     *
     * @param environment more than this process has
     */
    WarderProcess(Path folder, Map<String, String> environment, List<String> command) throws IOException {
        this.temporary = Files.createDirectories(folder.resolve("tmp"));
        this.out = folder.resolve("out");
        this.err = folder.resolve("err");
        this.process = start(command, environment);
    }

    /** One that a command starts, whose own arguments come before those of Java. */
    static WarderProcess behind(List<String> before, Path folder, String... arguments) throws IOException {
        return new WarderProcess(before, folder, List.of("-XX:TieredStopAtLevel=1"), arguments);
    }

    private Process start(List<String> command, Map<String, String> environment) throws IOException {
        // Its data folder is below the folder of the test, too.
        var builder = new ProcessBuilder(command)
                .directory(temporary.resolveSibling(".").normalize().toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Every flag of its virtual machine that is not the default. */
    String flags() throws IOException {
        return ask("VM.flags");
    }

    static String war() {
        String war = System.getProperty("warder.war");
        return war == null
                ? fail("the system property warder.war names the built WAR")
                : Path.of(war).toAbsolutePath().toString();
    }

    /** Where it listens, as soon as it says that it is ready. */
    public URI base() throws IOException, InterruptedException {
        long start = System.nanoTime();
        Matcher ready = READY.matcher(out());
        while (!ready.find()) {
            assertThat(System.nanoTime() - start).as(this::err).isLessThan(PATIENCE.toNanos());
            assertThat(process.waitFor(50, TimeUnit.MILLISECONDS)).as(this::err).isFalse();
            ready = READY.matcher(out());
        }
        return URI.create(ready.group(1));
    }

    /** The access token that it printed. */
    String token() {
        Matcher token = TOKEN.matcher(out());
        assertThat(token.find()).isTrue();
        return token.group();
    }

    /** Bytes of the objects in its heap that are reachable. */
    long liveHeap() throws IOException {
        String text = ask("GC.class_histogram");
        Matcher total = TOTAL.matcher(text);
        assertThat(total.find()).as(text).isTrue();
        return Long.parseLong(total.group(1));
    }

    private String ask(String question) throws IOException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var asked = new ProcessBuilder(jcmd, Long.toString(process.pid()), question).start();
        return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Waits until the log holds the text. */
    void awaitLog(String text) throws InterruptedException {
        long start = System.nanoTime();
        var never = new CountDownLatch(1);
        while (!err().contains(text)) {
            assertThat(System.nanoTime() - start).as(this::err).isLessThan(PATIENCE.toNanos());
            assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Sends SIGKILL, and waits for the end. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        exitCode();
    }

    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(this::err)
                .isTrue();
        return process.exitValue();
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    /** How many lines of the log hold the text; the log may be large. */
    long countLogLines(String text) throws IOException {
        try (var lines = Files.lines(err)) {
            return lines.filter(line -> line.contains(text)).count();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            return fail("what the process printed cannot be read", unreadable);
        }
    }

    /** What it left in the folder for temporary files. */
    List<String> leftovers() throws IOException {
        try (var files = Files.list(temporary)) {
            return files.map(file -> file.getFileName().toString())
                    // The JDK's own, of the same name in every program.
                    .filter(name -> !name.startsWith("hsperfdata"))
                    .toList();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
