package dev.warder.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.usage.Usages;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccessLogTest {
    /** The end of the line of a request for which nothing was sent upstream. */
    private static final String NOTHING =
            " tries=0 upstream=- session=- agent=- input=- write5m=- write1h=- read=- output=-"
                    + " searches=- cost=- usage=-";

    private static final Logger LOGGER = Logger.getLogger("dev.warder.access");

    private final List<String> lines = new ArrayList<>();
    private final Handler capture = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            lines.add(entry.getLevel() + " " + new SimpleFormatter().formatMessage(entry));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private long now;

    @BeforeEach
    void listen() {
        LOGGER.addHandler(capture);
        LOGGER.setUseParentHandlers(false);
    }

    @AfterEach
    void stopListening() {
        LOGGER.removeHandler(capture);
        LOGGER.setUseParentHandlers(true);
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

        assertThat(lines)
                .containsExactly(
                        "INFO id=req_1 client=ci dialect=anthropic method=POST path=/v1/messages model=claude-x"
                                + " credential=primary/api-key status=200 in=15 out=99 ttfb=7 total=30 end=ok"
                                + NOTHING);
    }

    @Test
    void hasWhatTheTriesConsumedAndCost() {
        var line = line("POST", "/v1/messages");
        line.conversation(new ConversationIds(Optional.of("s 1"), Optional.of("a\n2")));
        line.usage(Usages.begun(Optional.of("ci")));
        var refused = line.beginTry(new UsedCredential("primary", "api-key"));
        refused.responded(529);
        refused.requestId("req_up_1");
        refused.whole();
        var whole = line.beginTry(new UsedCredential("cheap", "api-key"));
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
        assertThat(lines.get(0))
                .endsWith(
                        " end=ok tries=2 upstream=req_up_2 session=s\\u00201 agent=a\\u000a2 input=1 write5m=3 write1h=4"
                                + " read=2 output=5 searches=6 cost=0.045715064 usage=reported");
    }

    @Test
    void marksWhatIsEstimated() {
        var line = line("POST", "/v1/messages");
        line.usage(Usages.begun(Optional.empty()));
        var begun = line.beginTry(new UsedCredential("primary", "api-key"));
        begun.sent();
        begun.cancelled();
        line.end(RequestEnd.CLIENT_GONE, 0);
        assertThat(lines.get(0)).contains(" write5m=500 ").endsWith(" cost=0.002500000 usage=estimated");
    }

    @Test
    void marksWhatIsAssumed() {
        var line = line("POST", "/v1/messages");
        line.usage(Usages.begun(Optional.empty()));
        line.beginTry(new UsedCredential("primary", "api-key")).failed();
        line.end(RequestEnd.UPSTREAM_LOST, 0);
        assertThat(lines.get(0)).contains(" output=0 ").endsWith(" cost=0.000000000 usage=assumed");
    }

    @Test
    void cannotBeForgedByWhatAClientSends() {
        var line = line("GET\u001b[2J", "/x\r\nINFO id=forged end=ok \u2028\u0085\u202e{} ${env:X}\\u0041");
        line.model("m\nINFO forged=\u0000 x");
        line.client("c d");
        line.end(RequestEnd.OK, 0);

        assertThat(lines).singleElement().asString().matches("[\\x20-\\x7e]+").doesNotContain("$", "forged end");
        assertThat(lines.get(0).split(" ")).hasSize(26);
        assertThat(lines.get(0)).contains("path=/x\\u000d\\u000aINFO\\u0020id=forged", "client=c\\u0020d");
    }

    /** An open page asks for them every few seconds. */
    @Test
    void leavesThePanelsOfThePageOutUnlessTheyAreRefused() {
        line("GET", "/admin/panels").end(RequestEnd.OK, 200, 2);
        assertThat(lines).noneMatch(line -> line.startsWith("INFO"));
        line("GET", "/admin/panels").end(RequestEnd.REFUSED, 401, 2);
        line("GET", "/admin/").end(RequestEnd.OK, 200, 2);
        assertThat(lines).filteredOn(line -> line.startsWith("INFO")).hasSize(2);
    }

    @Test
    void cutsALongModelAndALongPath() {
        var line = line("GET", "/" + "p".repeat(5_000));
        line.model("m".repeat(5_000));
        line.end(RequestEnd.OK, 0);
        assertThat(lines.get(0)).contains(" model=" + "m".repeat(128) + " ").hasSizeLessThan(1_000);
    }

    private RequestRecord line(String method, String path) {
        return Records.of(method, path, () -> now, new AccessLog(LogSettings.Format.TEXT));
    }
}
