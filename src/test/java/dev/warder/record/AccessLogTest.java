package dev.warder.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.RequestHints;
import dev.warder.json.JsonTree;
import dev.warder.record.CompletedRequest.ConversationIds;
import dev.warder.testkit.LogCapture;
import dev.warder.usage.Usages;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The line of a request as text and as JSON, and the levels of the log. */
class AccessLogTest {
    /** The end of the line of a request for which nothing was sent upstream. */
    private static final String NOTHING =
            " tries=0 upstream=- session=- agent=- input=- write5m=- write1h=- read=- output=-"
                    + " searches=- cost=- usage=-";

    private static final String HOSTILE = "m\"}\n{\"id\":\"forged\",\\u0000 \u2028${env:X}";

    private final LogCapture log = LogCapture.start();
    private long now;

    @AfterEach
    void stopListening() {
        log.close();
    }

    @Test
    void saysEverythingAboutAnExchangeInOneLine() {
        var line = line("POST", "/v1/messages");
        line.client("ci");
        line.model("claude-x");
        line.credential(new UsedCredential("primary", "api-key"));
        line.read(10);
        line.read(5);
        now = TimeUnit.MILLISECONDS.toNanos(7);
        line.firstByte();
        now = TimeUnit.MILLISECONDS.toNanos(8);
        line.firstByte();
        line.status(200);
        now = TimeUnit.MILLISECONDS.toNanos(30);
        line.end(RequestEnd.OK, 99);

        assertThat(lines())
                .containsExactly(
                        "INFO id=req_1 client=ci dialect=anthropic method=POST path=/v1/messages model=claude-x"
                                + " credential=primary/api-key status=200 in=15 out=99 ttfb=7 total=30 end=ok"
                                + NOTHING);
    }

    @Test
    void hasWhatTheTriesConsumedAndCost() {
        var line = line("POST", "/v1/messages");
        line.conversation(new ConversationIds(Optional.of("s 1"), Optional.of("a\n2"), RequestHints.NONE));
        line.usage(Usages.begun(Optional.of("ci")));
        var refused = line.beginTry(new UsedCredential("primary", "api-key"), Records.UPSTREAM);
        refused.responded(529);
        refused.requestId("req_up_1");
        refused.whole();
        var whole = line.beginTry(new UsedCredential("cheap", "api-key"), Records.UPSTREAM);
        whole.responded(200);
        whole.requestId("req_up_2");
        Usages.read(
                whole.usage().orElseThrow(),
                """
                {"model":"claude-opus-5-5","stop_reason":"end_turn","usage":{"input_tokens":1,"cache_read_input_tokens":2,\
                "cache_creation":{"ephemeral_5m_input_tokens":3,"ephemeral_1h_input_tokens":4},"output_tokens":5,\
                "server_tool_use":{"web_search_requests":6}}}""");
        whole.whole();
        line.end(RequestEnd.OK, 0);
        assertThat(lines().get(0))
                .endsWith(
                        " end=ok tries=2 upstream=req_up_2 session=s\\u00201 agent=a\\u000a2 input=1 write5m=3 write1h=4"
                                + " read=2 output=5 searches=6 cost=0.045715064 usage=reported");
    }

    /** No ledger has a larger cost of one try than {@code Long.MAX_VALUE} billionths, and no line a larger sum. */
    @Test
    void hasAtMostTheLargestCost() {
        var line = line("POST", "/v1/messages");
        line.usage(Usages.begun(Optional.of("ci")));
        for (int i = 0; i < 2; i++) {
            var run = line.beginTry(new UsedCredential("primary", "api-key"), Records.UPSTREAM);
            run.responded(200);
            Usages.read(
                    run.usage().orElseThrow(),
                    "{\"model\":\"claude-opus-5-5\",\"usage\":{\"output_tokens\":999999999999999}}");
            run.whole();
        }
        line.end(RequestEnd.OK, 0);
        assertThat(lines().get(0)).contains(" output=999999999999999 searches=0 cost=9223372036.854775807 ");
    }

    @Test
    void cannotBeForgedByWhatAClientSends() {
        var line = line("GET\u001b[2J", "/x\r\nINFO id=forged end=ok \u2028\u0085\u202e{} ${env:X}\\u0041");
        line.model("m\nINFO forged=\u0000 x");
        line.client("c d");
        line.end(RequestEnd.OK, 0);

        assertThat(lines()).singleElement().asString().matches("[\\x20-\\x7e]+").doesNotContain("$", "forged end");
        assertThat(lines().get(0).split(" ")).hasSize(26);
        assertThat(lines().get(0)).contains("path=/x\\u000d\\u000aINFO\\u0020id=forged", "client=c\\u0020d");
    }

    /** An open page asks for them every few seconds. */
    @Test
    void leavesThePanelsOfThePageOutUnlessTheyAreRefused() {
        line("GET", "/admin/panels").end(RequestEnd.OK, 200, 2);
        assertThat(lines()).noneMatch(line -> line.startsWith("INFO"));
        line("GET", "/admin/panels").end(RequestEnd.REFUSED, 401, 2);
        line("GET", "/admin/").end(RequestEnd.OK, 200, 2);
        assertThat(lines()).filteredOn(line -> line.startsWith("INFO")).hasSize(2);
    }

    @Test
    void cutsALongModelAndALongPath() {
        var line = line("GET", "/" + "p".repeat(5_000));
        line.model("m".repeat(5_000));
        line.end(RequestEnd.OK, 0);
        assertThat(lines().get(0)).contains(" model=" + "m".repeat(128) + " ").hasSizeLessThan(1_000);
    }

    private RequestRecord line(String method, String path) {
        return Records.of(method, path, () -> now, new AccessLog(LogSettings.Format.TEXT));
    }

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

    private List<String> lines() {
        return log.lines("dev.warder.access", Level.ALL).stream()
                .map(line -> line.level() + " " + line.text())
                .toList();
    }

    private JsonObject json(Consumer<RequestRecord> request) {
        request.accept(Records.of("POST", "/v1/messages", () -> 0, new AccessLog(LogSettings.Format.JSON)));
        var line = log.lines("dev.warder.access", Level.INFO).get(0).text();
        assertThat(line).doesNotContain("\n");
        return JsonTree.parse(line).orElseThrow().asJsonObject();
    }
}
