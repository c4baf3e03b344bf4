package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.testkit.Jdk;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    private final Path warder;
    private final Path script;

    StartFilesIT(@TempDir Path folder) throws Exception {
        this.folder = folder;
        this.warder = folder.resolve("a folder%20");
        this.script = warder.resolve("warder.sh");
        extract();
        assertThat(err()).isEmpty();
    }

    private int extract() throws Exception {
        var extract = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        WarderProcess.war(),
                        "extract",
                        warder.toString())
                .redirectOutput(folder.resolve("extract.out").toFile())
                .redirectError(folder.resolve("extract.err").toFile())
                .start();
        return extract.waitFor();
    }

    private String err() throws IOException {
        return Files.readString(folder.resolve("extract.err"));
    }

    @Test
    void trainingThatFailsIsNoSuccess() throws Exception {
        var environment = new HashMap<>(environment(17));
        environment.put("WARDER_JAVA_OPTS", "-Djava.io.tmpdir=" + folder.resolve("missing"));
        try (var training = new WarderProcess(folder, environment, List.of(script.toString(), "train"))) {
            assertThat(training.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void extractsIntoAnEmptyFolderOnly() throws Exception {
        assertThat(extract()).isEqualTo(UNUSABLE);
        assertThat(err()).isEqualTo("warder: extract: " + warder + " is not empty\n");
    }

    /** The first stop writes the cache, the second start uses it. That of a start which failed is not used. */
    @ParameterizedTest
    @CsvSource({
        "17, -XX:ArchiveClassesAtExit, -XX:SharedArchiveFile=, -Xshare:on",
        "25, -XX:AOTCacheOutput, -XX:AOTCache=, -XX:AOTMode=on"
    })
    void startsByTheScriptWithItsFlagsAndCache(int release, String makes, String uses, String must) throws Exception {
        var environment = new HashMap<>(environment(release));
        var command = List.of(script.toString(), "--demo", "--warm", "--metrics.open=true", "--port=0");
        try (var failed = new WarderProcess(folder, environment, List.of(script.toString(), "--no.such=1"))) {
            assertThat(failed.exitCode()).isEqualTo(UNUSABLE);
        }
        assertThat(caches()).hasSize(1);
        try (var first = new WarderProcess(folder, environment, command)) {
            assertServes(first);
            assertThat(first.flags())
                    .contains("-XX:MaxHeapSize=201326592", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", makes);
            first.terminate();
            assertThat(first.exitCode()).isEqualTo(TERMINATED);
            assertThat(first.leftovers()).isEmpty();
        }
        assertThat(caches()).hasSize(1);
        // Without this, Java starts without the cache if it refuses it.
        environment.merge("WARDER_JAVA_OPTS", must, (given, more) -> given + " " + more);
        try (var second = new WarderProcess(folder, environment, command)) {
            assertServes(second);
            assertThat(second.flags()).contains(uses + caches().get(0));
            assertThat(second.out()).startsWith("Warder ");
            assertThat(second.err())
                    .containsPattern("Warmed up by [1-9][0-9]* requests")
                    .doesNotContain("/v1/messages", "WarmUp WARNING")
                    .containsOnlyOnce("Warder starts");
            assertThat(RawClient.exchange(second.base(), RawRequest.of("GET", "/metrics"))
                            .text())
                    .contains("warder_")
                    .doesNotContain("route=\"messages\"");
        }
    }

    /** As in the build of an image, whose folder cannot be written later. */
    @Test
    void trainsByACommand() throws Exception {
        var environment = new HashMap<>(environment(17));
        try (var training = new WarderProcess(folder, environment, List.of(script.toString(), "train"))) {
            assertThat(training.exitCode()).as(training::err).isZero();
            assertThat(training.leftovers()).isEmpty();
        }
        environment.put("WARDER_JAVA_OPTS", environment.get("WARDER_JAVA_OPTS") + " -Xshare:on");
        assertThat(caches()).hasSize(1);
        try (var trained = new WarderProcess(folder, environment, List.of(script.toString(), "--demo", "--port=0"))) {
            assertServes(trained);
            assertThat(trained.flags()).contains("-XX:SharedArchiveFile=" + caches().get(0));
        }
        assertStartsWithout(environment, Path.of(caches().get(0)), "unix:uid", 4711);
        assertStartsWithout(environment, warder.resolve("cache"), "unix:uid", 4711);
        for (int mode : List.of(0757, 0775)) {
            assertStartsWithout(environment, warder.resolve("cache"), "unix:mode", mode);
        }
        environment.put("WARDER_CACHE", "");
        try (var without = new WarderProcess(folder, environment, List.of(script.toString(), "--demo", "--port=0"))) {
            assertServes(without);
            assertThat(without.flags()).doesNotContain("Archive");
        }
    }

    /** Only with the attribute: another owner, who is no administrator, or a mode by which others may write. */
    private void assertStartsWithout(Map<String, String> environment, Path path, String attribute, int value)
            throws Exception {
        var before = Files.getAttribute(path, attribute);
        if (attribute.endsWith("uid") && !before.equals(0)) {
            return;
        }
        byte[] content = Files.readAllBytes(Path.of(caches().get(0)));
        Files.setAttribute(path, attribute, value);
        try (var open = new WarderProcess(folder, environment, List.of(script.toString(), "--demo", "--port=0"))) {
            assertServes(open);
            assertThat(open.flags()).as(path + " " + value).doesNotContain("-XX:SharedArchiveFile=");
        }
        if (Files.exists(path)) {
            Files.setAttribute(path, attribute, before);
        }
        if (caches().isEmpty()) {
            // A file of somebody else was removed.
            Files.write(Path.of(path.toString()), content);
        }
    }

    @Test
    void extractsFilesThatOnlyTheirOwnerMayWrite() throws Exception {
        var open = folder.resolve("open");
        var extract = new ProcessBuilder(
                        "sh",
                        "-c",
                        "umask 000 && exec \"$0\" \"$@\"",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        WarderProcess.war(),
                        "extract",
                        open.toString())
                .inheritIO()
                .start();
        assertThat(extract.waitFor()).isZero();
        try (Stream<Path> files = Files.walk(open)) {
            for (Path file : files.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .matches("rw.r-.r-.");
            }
        }
        assertThat(open.resolve("warder.sh")).isExecutable();
    }

    private Map<String, String> environment(int release) throws IOException {
        var jdk = Jdk.find(release);
        assumeTrue(jdk.isPresent(), "there is no JDK " + release);
        return Map.of(
                "WARDER_HEAP",
                "192m",
                "WARDER_JAVA_OPTS",
                "-Djava.io.tmpdir=" + folder.resolve("tmp"),
                "JAVA_HOME",
                jdk.get().toString());
    }

    /** Its settings and its command, below a folder of this test. */
    @Test
    void startsByTheCommandOfTheUnit() throws Exception {
        List<String> unit = Files.readAllLines(CONF.resolve("warder.service"));
        Files.writeString(folder.resolve("warder.properties"), "clients.open=true\n");
        var environment = new HashMap<>(Map.of("JAVA_HOME", System.getProperty("java.home")));
        for (String line : unit) {
            var variable = ENVIRONMENT.matcher(line);
            if (variable.matches()) {
                environment.put(variable.group(1), here(variable.group(2)));
            }
        }
        List<String> command = unit.stream()
                .filter(line -> line.startsWith("ExecStart="))
                .flatMap(line -> Stream.of(line.substring("ExecStart=".length()).split(" ")))
                .map(word -> here(word).replace("$WARDER_ARGS", "--port=0"))
                .toList();
        try (var warder = new WarderProcess(folder, environment, command)) {
            assertServes(warder);
            assertThat(warder.flags()).contains("-XX:MaxHeapSize=536870912", "-XX:+ExitOnOutOfMemoryError");
            assertThat(warder.out()).contains("clients.open=true");
            warder.terminate();
            assertThat(unit).contains("SuccessExitStatus=" + warder.exitCode());
        }
        assertThat(unit).contains("RestartPreventExitStatus=" + UNUSABLE);
    }

    private String here(String text) {
        return text.replace("/opt/warder", this.warder.toString())
                .replaceAll("/var/cache/warder|/etc/warder", folder.toString());
    }

    private List<String> caches() throws IOException {
        try (Stream<Path> files = Files.list(warder.resolve("cache"))) {
            return files.map(Path::toString).toList();
        }
    }

    private static void assertServes(WarderProcess warder) throws Exception {
        assertThat(RawClient.exchange(warder.base(), RawRequest.of("GET", "/health/ready"))
                        .status())
                .isEqualTo(200);
    }
}
