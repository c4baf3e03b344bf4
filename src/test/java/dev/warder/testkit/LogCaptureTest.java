package dev.warder.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class LogCaptureTest {
    private static final String SECRET = "s3cret/with+odd=signs";

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
