package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of {@code conf/standalone}, started as an operator starts them. */
@Tag("turn-7")
@Tag("turn-only")
class StartFilesIT {
    private static final int TERMINATED = 128 + 15;
    private static final int UNUSABLE = 2;
    private static final Path CONF =
            Path.of(System.getProperty("warder.conf", "conf"), "standalone").toAbsolutePath();
    private static final Pattern ENVIRONMENT = Pattern.compile("Environment=\"?([A-Z_]+)=([^\"]*)\"?");

    private final Path folder;
    private final Path script;

    StartFilesIT(@TempDir Path folder) {
        this.folder = folder;
        this.script = CONF.resolve("warder.sh").toAbsolutePath();
    }

    /** The first stop writes the archive, the second start uses it. That of a start which failed is not used. */
    @Test
    void startsByTheScriptWithItsFlagsAndArchive() throws Exception {
        var environment = Map.of(
                "WARDER_WAR", WarderProcess.war(),
                "WARDER_HEAP", "192m",
                "WARDER_ARCHIVE", folder.resolve("classes").toString(),
                "WARDER_JAVA_OPTS", "-Djava.io.tmpdir=" + folder.resolve("tmp"),
                "JAVA_HOME", System.getProperty("java.home"));
        var command = List.of(script.toString(), "--demo", "--port=0");
        try (var failed = new WarderProcess(folder, environment, List.of(script.toString(), "--no.such=1"))) {
            assertThat(failed.exitCode()).isEqualTo(UNUSABLE);
        }
        assertThat(archives()).hasSize(1);
        try (var first = new WarderProcess(folder, environment, command)) {
            assertServes(first);
            assertThat(first.flags())
                    .contains("-XX:MaxHeapSize=201326592", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError")
                    .contains("-XX:ArchiveClassesAtExit");
            first.terminate();
            assertThat(first.exitCode()).isEqualTo(TERMINATED);
            assertThat(first.leftovers()).isEmpty();
        }
        assertThat(archives()).hasSize(1);
        try (var second = new WarderProcess(folder, environment, command)) {
            assertServes(second);
            assertThat(second.flags())
                    .contains("-XX:SharedArchiveFile=" + archives().get(0));
            assertThat(second.out()).startsWith("Warder ");
        }
    }

    /** Its settings and its command, below a folder of this test. */
    @Test
    void startsByTheCommandOfTheUnit() throws Exception {
        List<String> unit = Files.readAllLines(CONF.resolve("warder.service"));
        Files.copy(script, folder.resolve("warder.sh"));
        assertThat(folder.resolve("warder.sh").toFile().setExecutable(true)).isTrue();
        Files.copy(Path.of(WarderProcess.war()), folder.resolve("warder.war"));
        Files.writeString(folder.resolve("warder.properties"), "clients.open=true\n");
        var environment = new HashMap<>(Map.of("JAVA_HOME", System.getProperty("java.home")));
        for (String line : unit) {
            var variable = ENVIRONMENT.matcher(line);
            if (variable.matches()) {
                environment.put(variable.group(1), here(variable.group(2)));
            }
        }
        String command = unit.stream()
                .filter(line -> line.startsWith("ExecStart="))
                .map(line -> here(line.substring("ExecStart=".length())))
                .findFirst()
                .orElseThrow();
        try (var warder = new WarderProcess(
                folder,
                environment,
                List.of(command.replace("$WARDER_ARGS", "--port=0").split(" ")))) {
            assertServes(warder);
            assertThat(warder.flags()).contains("-XX:MaxHeapSize=536870912", "-XX:+ExitOnOutOfMemoryError");
            assertThat(warder.out()).contains("clients.open=true");
            warder.terminate();
            assertThat(unit).contains("SuccessExitStatus=" + warder.exitCode());
        }
        assertThat(unit).contains("RestartPreventExitStatus=" + UNUSABLE);
    }

    private String here(String text) {
        return text.replaceAll("/opt/warder|/var/cache/warder|/etc/warder", folder.toString());
    }

    private List<String> archives() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(Path::toString)
                    .filter(name -> name.contains("/classes."))
                    .toList();
        }
    }

    private static void assertServes(WarderProcess warder) throws Exception {
        assertThat(RawClient.exchange(warder.base(), RawRequest.of("GET", "/health/ready"))
                        .status())
                .isEqualTo(200);
    }
}
