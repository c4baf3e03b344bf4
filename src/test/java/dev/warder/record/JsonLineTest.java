package dev.warder.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonTree;
import dev.warder.testkit.LogCapture;
import jakarta.json.JsonObject;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** The access log as JSON, and its levels. */
class JsonLineTest {
    private static final String HOSTILE = "m\"}\n{\"id\":\"forged\",\\u0000 \u2028${env:X}";

    @Test
    void hasTheNamesOfTheTextAndNumbersAsNumbers() {
        var json = json(request -> {
            request.client("ci");
            request.model("123");
            request.credential(new UsedCredential("primary", "api-key"));
            request.read(15);
            request.end(RequestEnd.OK, 200, 99);
        });
        assertThat(json.toString())
                .isEqualTo("{\"id\":\"req_1\",\"client\":\"ci\",\"dialect\":\"anthropic\",\"method\":\"POST\","
                        + "\"path\":\"/v1/messages\",\"model\":\"123\",\"credential\":\"primary/api-key\","
                        + "\"status\":200,\"in\":15,\"out\":99,\"total\":0,\"end\":\"ok\",\"tries\":0}");
    }

    @Test
    void cannotBeForged() {
        var json = json(request -> {
            request.model(HOSTILE);
            request.end(RequestEnd.REFUSED, 404, 0);
        });
        assertThat(json.getString("id")).isEqualTo("req_1");
        assertThat(json.getString("model")).startsWith("m\"}\n{\"id\"");
    }

    @Test
    void isQuietUntilItIsClosed() {
        var logger = Logger.getLogger("dev.warder");
        var before = logger.getLevel();
        try (var quiet = new QuietLog()) {
            assertThat(quiet).isNotNull();
            assertThat(Logger.getLogger("dev.warder.access").isLoggable(Level.INFO))
                    .isFalse();
            assertThat(Logger.getLogger("dev.warder.access").isLoggable(Level.WARNING))
                    .isTrue();
        }
        assertThat(logger.getLevel()).isEqualTo(before);
    }

    @Test
    void leavesALevelThatItHasNotChanged() {
        var logger = Logger.getLogger("dev.warder");
        var before = logger.getLevel();
        var first = new QuietLog();
        try {
            var second = new QuietLog();
            first.close();
            second.close();
            assertThat(logger.getLevel()).isEqualTo(before);
        } finally {
            logger.setLevel(before);
        }
    }

    private static JsonObject json(Consumer<RequestRecord> request) {
        try (var log = LogCapture.start()) {
            request.accept(Records.of("POST", "/v1/messages", () -> 0, new AccessLog(LogSettings.Format.JSON)));
            var line = log.lines("dev.warder.access", Level.INFO).get(0).text();
            assertThat(line).doesNotContain("\n");
            return JsonTree.parse(line).orElseThrow().asJsonObject();
        }
    }
}
