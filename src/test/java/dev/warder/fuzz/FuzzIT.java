package dev.warder.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each fuzz target with Jazzer, which follows the coverage, in a JVM of its own. {@code mvn verify -Plong
 * -Dtest=FuzzReplayTest -Dit.test=FuzzIT} runs nothing else; without {@code -Dtest} every unit test runs first, and a failure
 * there prevents this test. {@code -Dwarder.fuzz.seconds} says how long, 60 unless set. An input that fails is printed, and
 * belongs into the corpus of {@link FuzzTarget}.
 */
class FuzzIT {
    private static final int SECONDS = Integer.getInteger("warder.fuzz.seconds", 60);

    /** In seconds: on a machine with much else to do, Jazzer instruments for two minutes before it begins. */
    private static final long START_AND_END = 600;

    @ParameterizedTest
    @EnumSource
    void findsNothing(FuzzTarget target, @TempDir Path folder) throws Exception {
        assumeTrue(Boolean.getBoolean("warder.long"), "runs with -Plong");
        var corpus = Files.createDirectory(folder.resolve("corpus"));
        int number = 0;
        for (var input : target.corpus()) {
            Files.write(corpus.resolve("seed-" + number++), input);
        }
        var log = folder.resolve("log").toFile();
        var process = launch(target, corpus, folder, log);
        try {
            assertThat(process.waitFor(SECONDS + START_AND_END, TimeUnit.SECONDS))
                    .as("Jazzer ends")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        var output = Files.readString(log.toPath());
        assertThat(process.exitValue())
                .as(() -> output.substring(Math.max(0, output.length() - 6000)))
                .isZero();
        assertThat(output).contains("INITED");
    }

    private static Process launch(FuzzTarget target, Path corpus, Path folder, File log) throws IOException {
        var classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                classes,
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.className(),
                "--instrumentation_includes=dev.warder.**",
                "-max_total_time=" + SECONDS,
                "-max_len=4096",
                "-rss_limit_mb=3000",
                "-artifact_prefix=" + folder + "/",
                corpus.toString());
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
    }
}
