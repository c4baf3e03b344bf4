package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.LogLine;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RecordedRequest;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spans of exchanges and tries in a WAR to which an SDK was added ({@link SpanListener}), and nothing of that without one. */
class TracesContract extends PoolContract {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";
    private static final String PARENT = "00-" + TRACE + "-" + CALLER + "-01";
    private static final String STREAMING = "{\"model\":\"claude-x\",\"max_tokens\":9,\"messages\":[],\"stream\":true}";

    /** A line of {@link SpanListener}. */
    private record Span(String trace, String id, String parent, String kind, String status, String rest) {
        static Span of(String line) {
            var parts = line.split(" ", 6);
            return new Span(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]);
        }
    }

    @BeforeEach
    void forgetSpans() {
        log.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/messages", "/anthropic/v1/messages", "/v1/chat/completions"})
    void anExchangeHasASpanAndItsTryHasOne(String path) throws Exception {
        var container = traced();
        next(json(200, FINE));
        var answer = ok(
                container,
                authenticated(container, "POST", path)
                        .field("traceparent", PARENT)
                        .field("tracestate", "vendor=1")
                        .json("{\"model\":\"claude-x\",\"max_tokens\":9,"
                                + "\"messages\":[{\"role\":\"user\",\"content\":\"planted content\"}]}"));
        var spans = spans(2);
        var exchange = spans.get(1);
        assertThat(exchange.trace()).isEqualTo(TRACE);
        assertThat(exchange.parent()).isEqualTo(CALLER);
        assertThat(exchange.kind()).isEqualTo("SERVER");
        assertThat(exchange.status()).isEqualTo("UNSET");
        assertThat(exchange.rest())
                .startsWith("POST /" + (path.startsWith("/anthropic") ? "anthropic*" : path.substring(1)))
                .contains("gen_ai.operation.name=chat", "warder.request.id=" + id(answer))
                .doesNotContain("planted content");
        var ofTry = spans.get(0);
        assertThat(ofTry.parent()).isEqualTo(exchange.id());
        assertThat(ofTry.kind()).isEqualTo("CLIENT");
        assertThat(ofTry.rest()).contains("http.response.status_code=200", "/v1/messages");
        var sent = upstream.take();
        namesTry(sent, ofTry);
        assertThat(sent.fields().values("tracestate")).containsExactly("vendor=1");
    }

    @Test
    void eachTryOfAFailoverHasASpan() throws Exception {
        var container = traced();
        next(error(529, "the first"), json(200, FINE));
        ok(container, question(container).field("traceparent", PARENT));
        var spans = spans(3);
        var sent = upstream.requests();
        namesTry(sent.get(0), spans.get(0));
        namesTry(sent.get(1), spans.get(1));
        assertThat(spans.get(0).status()).isEqualTo("ERROR");
        assertThat(spans.get(0).rest()).contains("error.type=529").doesNotContain("resend_count");
        assertThat(spans.get(1).status()).isEqualTo("UNSET");
        assertThat(spans.get(1).rest()).contains("http.request.resend_count=1");
        assertThat(spans.get(2).status()).isEqualTo("UNSET");
        assertThat(spans).extracting(Span::trace).containsOnly(TRACE);
    }

    @Test
    void aClientThatLeavesMakesAnError() throws Exception {
        var container = traced();
        next((request, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.start());
            while (true) {
                reply.chunk(Messages.delta("on and on"));
                pause(20);
            }
        });
        try (var client = connect(container)) {
            client.send(authenticated(container, "POST", "/v1/messages").json(STREAMING))
                    .readHead();
            client.readEvent();
            client.reset();
        }
        var spans = spans(2);
        assertThat(spans.get(0).rest()).contains("error.type=cancelled");
        assertThat(spans.get(1).rest()).contains("error.type=client-gone");
        assertThat(spans).extracting(Span::status).containsOnly("ERROR");
    }

    @Test
    void aCallerWithoutATokenMakesNoSpan() throws Exception {
        var container = traced();
        assertStatus(
                401, send(container, request(container, "POST", "/v1/messages").json(QUESTION)));
        next(json(200, FINE));
        ask(container);
        assertThat(spans(2)).hasSize(2);
    }

    @Test
    void theCallersFieldsGoUpUnchangedWithoutATracer() throws Exception {
        var container = pool("plain", 2);
        next(json(200, FINE));
        send(container, question(container).field("traceparent", "not one, 0").field("tracestate", " a=1 ,, b = 2"));
        assertThat(upstream.take().rawHead()).contains("\r\ntraceparent: not one, 0\r\n", "a=1 ,, b = 2\r\n");
        assertThat(log.lines(SpanListener.LOG, Level.ALL)).isEmpty();
    }

    private static void namesTry(RecordedRequest sent, Span ofTry) {
        assertThat(sent.fields().values("traceparent"))
                .containsExactly("00-" + ofTry.trace() + "-" + ofTry.id() + "-01");
    }

    /** The spans that ended since the test began, in the order of their ends. */
    private List<Span> spans(int number) throws Exception {
        eventually(() -> lines().size() >= number);
        assertThat(lines()).hasSize(number);
        return lines().stream().map(line -> Span.of(line.text())).toList();
    }

    private List<LogLine> lines() {
        return log.lines(SpanListener.LOG, Level.ALL);
    }

    private Container traced() throws Exception {
        return pool("traced", several(2).ofWar(ChangedWar.withSpans()));
    }
}
