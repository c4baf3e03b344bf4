package dev.warder.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.Field;
import dev.warder.http.RequestHints;
import dev.warder.record.CompletedRequest.ConversationIds;
import dev.warder.record.Records;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import dev.warder.record.RequestTrace;
import dev.warder.record.UsedCredential;
import dev.warder.usage.Usages;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** With the real SDK. */
class TracingTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";
    private static final Field PARENT = new Field("Traceparent", "00-" + TRACE + "-" + CALLER + "-01");
    private static final Field STATE = new Field("tracestate", "vendor=1");
    private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");
    private static final URI UPSTREAM = URI.create("https://api.example.com/base");
    private static final UsedCredential FIRST = new UsedCredential("first", "api-key");
    private static final UsedCredential SECOND = new UsedCredential("second", "oauth");

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final OpenTelemetrySdk sdk = sdk(Sampler.alwaysOn());
    private final Tracing tracing = tracing(sdk);
    private final AtomicLong nanos = new AtomicLong();

    @AfterEach
    void close() {
        sdk.close();
        GlobalOpenTelemetry.resetForTest();
    }

    @Test
    void worksWithoutATracerWhereTheApiCannotBeUsed() {
        var broken = Tracing.of(
                () -> {
                    throw new NoSuchMethodError("of another version");
                },
                InstantSource.system());
        assertThat(broken.isActive()).isFalse();
    }

    @Test
    void anExchangeHasOneSpanOfAServerAndOneForEachTry() {
        var record = message();
        tracing.follow(request(PARENT, STATE), record);
        record.client("ci");
        record.model("claude-opus-5-5");
        record.conversation(new ConversationIds(Optional.of("s-1"), Optional.empty(), RequestHints.NONE));
        record.usage(Usages.begun(Optional.of("ci")));
        var refused = record.beginTry(FIRST, UPSTREAM);
        refused.trace().fields(List.of());
        refused.trace().during("/base/v1/messages?beta=true", () -> {});
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        refused.responded(529);
        refused.whole();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
        answer(record);

        var spans = exporter.getFinishedSpanItems();
        assertThat(spans).hasSize(3);
        var exchange = spans.get(2);
        assertThat(exchange.getName()).isEqualTo("POST /v1/messages");
        assertThat(exchange.getKind()).isEqualTo(SpanKind.SERVER);
        assertThat(exchange.getTraceId()).isEqualTo(TRACE);
        assertThat(exchange.getParentSpanId()).isEqualTo(CALLER);
        assertThat(exchange.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(attributes(exchange))
                .isEqualTo(new TreeMap<>(Map.ofEntries(
                        Map.entry("http.request.method", "POST"),
                        Map.entry("http.response.status_code", 200L),
                        Map.entry("http.route", "/v1/messages"),
                        Map.entry("url.path", "/v1/messages"),
                        Map.entry("url.scheme", "https"),
                        Map.entry("gen_ai.operation.name", "chat"),
                        Map.entry("gen_ai.provider.name", "anthropic"),
                        Map.entry("gen_ai.conversation.id", "s-1"),
                        Map.entry("gen_ai.request.model", "claude-opus-5-5"),
                        Map.entry("gen_ai.response.model", "claude-opus-5-5"),
                        Map.entry("gen_ai.response.finish_reasons", List.of("end_turn")),
                        Map.entry("gen_ai.usage.input_tokens", 137L),
                        Map.entry("gen_ai.usage.output_tokens", 50L),
                        Map.entry("gen_ai.usage.cache_read.input_tokens", 7L),
                        Map.entry("gen_ai.usage.cache_write.input_tokens", 30L),
                        Map.entry("gen_ai.usage.reasoning.output_tokens", 0L),
                        Map.entry("warder.request.id", "req_1"),
                        Map.entry("warder.client", "ci"),
                        Map.entry("warder.cost.usd", 0.0015514),
                        Map.entry("warder.end", "ok"))));

        var first = spans.get(0);
        assertThat(first.getName()).isEqualTo("POST");
        assertThat(first.getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(first.getParentSpanId()).isEqualTo(exchange.getSpanId());
        assertThat(first.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(first.getStartEpochNanos()).isEqualTo(epochNanos(NOW));
        assertThat(first.getEndEpochNanos()).isEqualTo(epochNanos(NOW.plusSeconds(1)));
        assertThat(attributes(first))
                .isEqualTo(new TreeMap<>(Map.of(
                        "http.request.method", "POST",
                        "http.response.status_code", 529L,
                        "url.full", "https://api.example.com/base/v1/messages",
                        "server.address", "api.example.com",
                        "server.port", 443L,
                        "error.type", "529",
                        "warder.credential", "first",
                        "warder.try.outcome", "responded")));
        var second = spans.get(1);
        assertThat(second.getParentSpanId()).isEqualTo(exchange.getSpanId());
        assertThat(second.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(attributes(second))
                .containsEntry("http.request.resend_count", 1L)
                .containsEntry("warder.upstream.request.id", "req_up")
                .containsEntry("warder.credential", "second")
                .doesNotContainKey("error.type");
    }

    @Test
    void aNewTraceReplacesAStateThatBelongsToNone() {
        var record = message();
        tracing.follow(request(STATE), record);
        var sent = record.beginTry(FIRST, UPSTREAM).trace().fields(List.of(STATE));
        assertThat(sent).singleElement().satisfies(field -> {
            assertThat(field.name()).isEqualTo("traceparent");
            assertThat(field.value()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[13]");
        });
    }

    @Test
    void aTraceThatIsNotSampledIsPassedOnAsSuch() {
        try (var silent = sdk(Sampler.alwaysOff())) {
            var record = message();
            tracing(silent).follow(request(PARENT), record);
            var sent = record.beginTry(FIRST, UPSTREAM).trace().fields(List.of(PARENT));
            assertThat(sent).singleElement().satisfies(field -> assertThat(field.value())
                    .startsWith("00-" + TRACE)
                    .endsWith("-00"));
            record.end(RequestEnd.OK, 200, 0);
            assertThat(exporter.getFinishedSpanItems()).isEmpty();
        }
    }

    @Test
    void isInsideTheSpanThatTheAgentHasBegun() {
        var outer = sdk.getTracer("agent").spanBuilder("outer").startSpan();
        var record = message();
        try (var scope = outer.makeCurrent()) {
            assertThat(scope).isNotNull();
            tracing.follow(request(PARENT), record);
        }
        record.end(RequestEnd.OK, 200, 0);
        assertThat(exporter.getFinishedSpanItems()).singleElement().satisfies(span -> {
            assertThat(span.getKind()).isEqualTo(SpanKind.INTERNAL);
            assertThat(span.getParentSpanId()).isEqualTo(outer.getSpanContext().getSpanId());
        });
    }

    @Test
    void theTryIsTheCurrentSpanWhileItIsHandedOver() {
        var record = message();
        tracing.follow(request(), record);
        var begun = record.beginTry(FIRST, UPSTREAM);
        var during = new ArrayList<String>();
        begun.trace()
                .during("/", () -> during.add(Span.current().getSpanContext().getSpanId()));
        assertThat(Context.current()).isSameAs(Context.root());
        record.end(RequestEnd.OK, 200, 0);
        assertThat(during)
                .containsExactly(exporter.getFinishedSpanItems().get(0).getSpanId());
    }

    @ParameterizedTest
    @CsvSource({
        "REFUSED, 400, UNSET",
        "REFUSED, 429, UNSET",
        "BUDGET, 429, UNSET",
        "REFUSED, 500, ERROR",
        "REFUSED, 503, ERROR"
    })
    void aStatusIsAnErrorOfAServerFrom500(RequestEnd end, int status, StatusCode expected) {
        var record = message();
        tracing.follow(request(), record);
        record.end(end, status, 0);
        var span = exporter.getFinishedSpanItems().get(0);
        assertThat(span.getStatus().getStatusCode()).isEqualTo(expected);
        assertThat(attributes(span).get("error.type"))
                .isEqualTo(expected == StatusCode.ERROR ? String.valueOf(status) : null);
    }

    @Test
    void otherRoutesHaveNoAttributesOfGenerativeAi() {
        var record = Records.post("/v1/files/file_1", nanos::get);
        tracing.follow(request(), record);
        record.end(RequestEnd.OK, 200, 0);
        var span = exporter.getFinishedSpanItems().get(0);
        assertThat(span.getName()).isEqualTo("POST /v1/files*");
        assertThat(attributes(span).keySet()).noneMatch(name -> name.startsWith("gen_ai"));
    }

    @Test
    void textsOfTheClientAreCut() {
        var record = message();
        tracing.follow(request(), record);
        record.model("m".repeat(10_000));
        record.end(RequestEnd.OK, 200, 0);
        assertThat(attributes(exporter.getFinishedSpanItems().get(0)))
                .containsEntry("gen_ai.request.model", "m".repeat(256));
    }

    @Test
    void aTryAfterTheEndHasNoSpan() {
        var record = message();
        tracing.follow(request(), record);
        record.end(RequestEnd.CLIENT_GONE, 0);
        assertThat(record.beginTry(FIRST, UPSTREAM).trace()).isSameAs(RequestTrace.NONE.tryBegins(UPSTREAM));
        assertThat(exporter.getFinishedSpanItems()).hasSize(1);
    }

    @Test
    void aTracerThatFailsChangesNoRequest() {
        TextMapPropagator broken = (TextMapPropagator) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {TextMapPropagator.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("inject")) {
                        throw new IllegalStateException("a fault of the test");
                    }
                    return arguments[0];
                });
        try (var failing = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder().build())
                .setPropagators(ContextPropagators.create(broken))
                .build()) {
            var record = message();
            tracing(failing).follow(request(PARENT), record);
            var fields = List.of(PARENT);
            assertThat(record.beginTry(FIRST, UPSTREAM).trace().fields(fields)).isSameAs(fields);
            record.end(RequestEnd.OK, 200, 0);
        }
    }

    private void answer(RequestRecord record) {
        var begun = record.beginTry(SECOND, UPSTREAM);
        begun.responded(200);
        begun.requestId("req_up");
        Usages.read(
                begun.usage().orElseThrow(),
                """
                {"type":"message","model":"claude-opus-5-5","stop_reason":"end_turn","usage":{"input_tokens":100,
                "cache_creation_input_tokens":30,"cache_read_input_tokens":7,"output_tokens":50}}""");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(3));
        begun.whole();
        record.end(RequestEnd.OK, 200, 10);
    }

    private RequestRecord message() {
        return Records.message(nanos::get);
    }

    private OpenTelemetrySdk sdk(Sampler sampler) {
        return OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .setSampler(sampler)
                        .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                        .build())
                .setPropagators(ContextPropagators.create(TextMapPropagator.composite(
                        W3CTraceContextPropagator.getInstance(), W3CBaggagePropagator.getInstance())))
                .build();
    }

    private static Tracing tracing(OpenTelemetry telemetry) {
        return Tracing.of(() -> telemetry, InstantSource.fixed(NOW));
    }

    private static long epochNanos(Instant time) {
        return Duration.between(Instant.EPOCH, time).toNanos();
    }

    private static Map<String, Object> attributes(SpanData span) {
        var found = new TreeMap<String, Object>();
        for (Map.Entry<AttributeKey<?>, Object> each :
                span.getAttributes().asMap().entrySet()) {
            found.put(each.getKey().getKey(), each.getValue());
        }
        return found;
    }

    /** A request of which only the scheme and these fields can be asked. */
    private static HttpServletRequest request(Field... fields) {
        var values = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        List.of(fields).forEach(field -> values.put(field.name(), field.value()));
        return (HttpServletRequest) Proxy.newProxyInstance(
                TracingTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getScheme" -> "https";
                    case "getHeader" -> values.get((String) arguments[0]);
                    case "getHeaders" ->
                        Collections.enumeration(Optional.ofNullable(values.get((String) arguments[0])).stream()
                                .toList());
                    case "getHeaderNames" -> Collections.enumeration(values.keySet());
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @ParameterizedTest
    @EnumSource(
            value = RequestEnd.class,
            names = {"OK", "REFUSED"},
            mode = EnumSource.Mode.EXCLUDE)
    void anExchangeThatIsBrokenOffIsAnError(RequestEnd end) {
        var record = message();
        tracing.follow(request(), record);
        var begun = record.beginTry(FIRST, UPSTREAM);
        begun.responded(200);
        record.status(200);
        record.end(end, 10);
        begun.cancelled();
        var spans = exporter.getFinishedSpanItems();
        assertThat(spans)
                .hasSize(2)
                .allSatisfy(span -> assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR));
        assertThat(attributes(spans.get(0))).containsEntry("error.type", "cancelled");
        assertThat(attributes(spans.get(1))).containsEntry("error.type", end.word());
    }
}
