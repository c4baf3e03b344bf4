package dev.warder.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLEncoder;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogCaptureTest {
    private static final String SECRET = "s3cret/with+odd=signs";

    @Test
    void capturesWhatSlf4jLogsAtEveryLevelWithTheThrowable() {
        try (var capture = LogCapture.start()) {
            LoggerFactory.getLogger("dev.warder.access").trace("fine {}", 1, new IllegalStateException("boom"));
            LoggerFactory.getLogger("org.eclipse.jetty.probe").debug("too fine");
            assertThat(capture.lines("dev.warder", Level.ALL)).singleElement().satisfies(line -> {
                assertThat(line.text()).startsWith("fine 1\n").contains("IllegalStateException: boom");
                assertThat(line.logger()).isEqualTo("dev.warder.access");
            });
            assertThat(capture.lines("dev.warder", Level.INFO)).isEmpty();
            assertThat(capture.lines("org.eclipse.jetty.probe", Level.ALL)).isEmpty();
        }
        assertThat(Logger.getLogger("dev.warder").getLevel()).isNull();
    }

    @Test
    void waitsForALine() throws Exception {
        try (var capture = LogCapture.start()) {
            ScriptedUpstream.daemon(
                            "logging", () -> Logger.getLogger("dev.warder.x").info("late"))
                    .start();
            assertThat(capture.await("dev.warder", "late"::equals, Duration.ofSeconds(10))
                            .level())
                    .isEqualTo(Level.INFO);
            assertThatThrownBy(() -> capture.await("dev.warder", "never"::equals, Duration.ofMillis(1)))
                    .isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void reportsPlantedSecretsWithoutRepeatingThem() {
        try (var capture = LogCapture.start()) {
            Logger.getLogger("dev.warder.x").info("before " + SECRET);
            capture.plant(SECRET);
            Logger.getLogger("dev.warder.x").info("after " + SECRET);
            assertThat(capture.leaks()).hasSize(2).noneMatch(leak -> leak.contains(SECRET));
        }
    }

    @Test
    void findsEveryForm() {
        var scan = new SecretScan(List.of(SECRET));
        var encoder = Base64.getEncoder();
        assertThat(scan.find(URLEncoder.encode(SECRET, UTF_8))).contains("secret 1 URL-encoded");
        assertThat(scan.find(HexFormat.of().withUpperCase().formatHex(SECRET.getBytes(UTF_8))))
                .contains("secret 1 in hex");
        for (var before : List.of("", "a", "ab")) {
            assertThat(scan.find(encoder.encodeToString((before + SECRET + "tail").getBytes(UTF_8))))
                    .contains("secret 1 in Base64");
        }
        assertThat(scan.find("s3cret/with+odd=sign")).isEmpty();
    }
}
