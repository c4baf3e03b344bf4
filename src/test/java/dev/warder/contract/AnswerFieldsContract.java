package dev.warder.contract;

import static dev.warder.contract.Contract.ACCESS_TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Field;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Script;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which fields of an answer reach the client, and that status and body do as they came. */
@OnEachContainer
class AnswerFieldsContract extends GroundContract {
    private static final List<Field> DROPPED = List.of(
            new Field("Set-Cookie", "session=1; Secure"),
            new Field("Set-Cookie", "other=2"),
            new Field("Alt-Svc", "h3=\":443\""),
            new Field("Strict-Transport-Security", "max-age=1"),
            new Field("Server", "cloudflare"),
            new Field("Access-Control-Allow-Origin", "*"),
            new Field("Access-Control-Expose-Headers", "request-id"),
            new Field("Proxy-Authenticate", "Basic"),
            new Field("Keep-Alive", "timeout=5"),
            new Field("Trailer", "x-checksum"),
            new Field("Upgrade", "h2c"),
            new Field("Connection", "x-hop, keep-alive"),
            new Field("X-Hop", "1"),
            new Field("X-Warder-Request-Id", "req_wrd_forged"));

    private static final List<Field> KEPT = List.of(
            new Field("request-id", "req_up"),
            new Field("retry-after", "17"),
            new Field("x-should-retry", "true"),
            new Field("anthropic-organization-id", "6f1c2e5a"),
            new Field("anthropic-ratelimit-requests-remaining", "0"),
            new Field("anthropic-ratelimit-unified-status", "rejected"),
            new Field("Date", "Thu, 01 Jan 2026 00:00:00 GMT"),
            new Field("ETag", "\"abc\""),
            new Field("CF-RAY", "9c0ffee"),
            new Field("Via", "1.1 google"),
            new Field("Link", "<a>; rel=next"),
            new Field("X-Between", "1"),
            new Field("link", "<b>; rel=prev"),
            new Field("X-Latin", "gr\u00fc\u00dfe \u00a9 \u00ff"),
            new Field("Content-Language", "de"));

    private Container container;

    AnswerFieldsContract(Container.Starter starter) {
        super(starter);
    }

    @BeforeAll
    final void prepare() throws Exception {
        container = ground.container();
    }

    static Stream<Endpoint> ways() {
        return Endpoint.WAYS.stream();
    }

    @DisplayName("A47 fields of the upstream's answer")
    @ParameterizedTest(name = "A47 {0}")
    @MethodSource("ways")
    void dropsWhatIsItsOwnAndKeepsTheRest(Endpoint endpoint) throws Exception {
        var answer = ask(endpoint, (request, reply) -> {
            DROPPED.forEach(field -> reply.field(field.name(), field.value()));
            KEPT.forEach(field -> reply.field(field.name(), field.value()));
            reply.json(200, Messages.message("hello"));
        });
        assertThat(answer.text()).isEqualTo(Messages.message("hello"));
        var fields = answer.fields();
        assertThat(fields.values("X-Warder-Request-Id"))
                .singleElement()
                .asString()
                .matches("req_wrd_[a-z2-7]{26}");
        assertThat(DROPPED)
                .extracting(field -> field.name().toLowerCase(Locale.ROOT))
                .filteredOn(fields::has)
                .isSubsetOf("x-warder-request-id", "connection", "keep-alive");
        assertThat(fields.lists("connection", "x-hop")).isFalse();
        assertThat(fields.values("keep-alive")).doesNotContain("timeout=5");
        for (var field : KEPT) {
            assertThat(fields.values(field.name())).as(field.name()).isEqualTo(valuesOf(field.name()));
        }
        assertThat(fields.values("cache-control")).containsExactly("no-store");
        assertThat(fields.has("x-accel-buffering")).isFalse();
    }

    @Test
    void leavesACacheControlOfTheUpstreamAlone() throws Exception {
        var answer = ask(Endpoint.of("GET /v1/skills"), (request, reply) -> reply.field("Cache-Control", "max-age=60")
                .field("cache-control", "private")
                .json(200, "{}"));
        assertThat(answer.fields().values("cache-control")).containsExactly("max-age=60", "private");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST /v1/messages", "POST /anthropic/v1/messages"})
    void asksFrontEndsNotToBufferAnEventStream(String endpoint) throws Exception {
        var answer = ask(Endpoint.of(endpoint), (request, reply) -> reply.messageStream("a"));
        assertThat(answer.fields().values("x-accel-buffering")).containsExactly("no");
        assertThat(answer.fields().values("cache-control")).containsExactly("no-store");
        assertThat(answer.fields().first("content-type").orElseThrow())
                .isEqualToIgnoringWhitespace("text/event-stream; charset=utf-8");
        assertThat(answer.text()).isEqualTo(String.join("", Messages.stream("a")));
    }

    private static List<String> valuesOf(String name) {
        return KEPT.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    private RawResponse ask(Endpoint endpoint, Script script) throws Exception {
        ground.upstream().next(script);
        return Ground.send(container, request(endpoint));
    }

    private RawRequest request(Endpoint endpoint) {
        return endpoint.request(container).field("X-Warder-Token", ACCESS_TOKEN);
    }
}
