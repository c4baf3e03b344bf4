package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Field;
import dev.warder.testkit.FieldList;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RecordedRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests in the shape of Claude Code's pass as they are, whichever way it was given its credential.
 *
 * <p>HttpClient would log fields and bodies; nobody can make it, not even by asking for everything.
 */
class ClaudeCodeContract extends ClientContract {
    private static final Field KEY = new Field("x-api-key", ACCESS_TOKEN);
    private static final Field BEARER = new Field("Authorization", "Bearer " + ACCESS_TOKEN);
    private static final Field TOKEN = new Field("X-Warder-Token", ACCESS_TOKEN);
    private static final String HTTP_CLIENT = "org.apache.hc.client5.http";

    @ParameterizedTest
    @ValueSource(strings = {"/api/hello", "/"})
    void answersTheFirstLookWithoutAToken(String path) throws Exception {
        var look = Ground.request(container, "HEAD", path)
                .field("User-Agent", "Bun/1.3.0")
                .field("Accept", "*/*");
        assertStatus(200, Ground.send(container, look));
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void sendsBodyAndFieldsUpAsTheyCame() throws Exception {
        var body = ClaudeCode.body("");
        assertThat(body.length()).isBetween(45_000, 55_000);
        var sent = messageSentFor(container, ClaudeCode.BETAS, body, KEY);
        assertThat(sent.body()).isEqualTo(utf8(body));
        assertThat(sent.target()).isEqualTo("/v1/messages?beta=true");
        assertThat(sent.fields().values("accept-encoding")).containsExactly("identity");
        assertCredential(sent, "x-api-key", MANAGED_KEY);
    }

    @Test
    void putsTheOperatorsTextBehindTheAttribution() throws Exception {
        var prompted = ground.container(
                "prompted", ground.usual().with("prompt.text", "Answer in the \"house\" style – briefly."));
        var sent = messageSentFor(prompted, ClaudeCode.BETAS, ClaudeCode.body(""), KEY);
        var own = "{\"type\":\"text\",\"text\":" + Messages.quoted("Answer in the \"house\" style – briefly.") + "},";
        assertThat(sent.text()).isEqualTo(ClaudeCode.body(own));
    }

    @ParameterizedTest
    @CsvSource({"x-api-key, ''", "Authorization, 'Bearer '"})
    void takesTheAccessTokenWhereverItIsGiven(String name, String scheme) throws Exception {
        var sent = messageSentFor(
                container, ClaudeCode.BETAS, ClaudeCode.body(""), new Field(name, scheme + ACCESS_TOKEN));
        assertCredential(sent, "x-api-key", MANAGED_KEY);
    }

    @Test
    void takesTheTokenThatAnApiKeyHelperPutsInBothFields() throws Exception {
        var sent = messageSentFor(container, ClaudeCode.BETAS, ClaudeCode.body(""), KEY, BEARER);
        assertCredential(sent, "x-api-key", MANAGED_KEY);
    }

    @Test
    void passesALoginOfItsOwnBesideTheCustomField() throws Exception {
        var login = new Field("Authorization", "Bearer " + OWN_OAUTH);
        var sent = messageSentFor(container, ClaudeCode.LOGIN_BETAS, ClaudeCode.body(""), TOKEN, login);
        assertCredential(sent, "authorization", "Bearer " + OWN_OAUTH);
    }

    @Test
    void passesAKeyOfItsOwnBesideTheTokenAsBearer() throws Exception {
        var own = new Field("x-api-key", OWN_KEY);
        var sent = messageSentFor(container, ClaudeCode.BETAS, ClaudeCode.body(""), BEARER, own);
        assertCredential(sent, "x-api-key", OWN_KEY);
    }

    @Test
    void countsTokensOnManyConnectionsAtOnce() throws Exception {
        int many = 30;
        var allThere = new CountDownLatch(many);
        upstream.script((request, reply) -> {
            allThere.countDown();
            reply.await(allThere);
            reply.json(200, "{\"input_tokens\":%d}".formatted(request.text().length()));
        });
        var clients = new ArrayList<RawClient>();
        for (int number = 0; number < many; number++) {
            var client = closing(connect(container));
            client.send(request(container, "/v1/messages/count_tokens?beta=true", ClaudeCode.BETAS, KEY)
                    .body(utf8(ClaudeCode.counting(number))));
            clients.add(client);
        }
        for (int number = 0; number < many; number++) {
            var length = ClaudeCode.counting(number).length();
            assertThat(clients.get(number).readResponse().text()).isEqualTo("{\"input_tokens\":%d}".formatted(length));
        }
    }

    @Test
    void discoversModels() throws Exception {
        upstream.on("/v1/models", json(200, SdkAnswers.list(SdkAnswers.MODEL, "claude-opus-5-5")));
        var asking = Ground.request(container, "GET", "/v1/models?limit=1000")
                .field("Accept", "*/*")
                .field("User-Agent", "claude-code/2.1.328")
                .field(BEARER.name(), BEARER.value());
        var answer = Ground.send(container, asking);
        assertThat(answer.text()).isEqualTo(SdkAnswers.list(SdkAnswers.MODEL, "claude-opus-5-5"));
        var sent = upstream.take();
        assertThat(sent.target()).isEqualTo("/v1/models?limit=1000");
        assertThat(sent.fields().values("accept")).containsExactly("*/*");
        assertCredential(sent, "x-api-key", MANAGED_KEY);
    }

    @Test
    void tellsItNotToTryARefusedTokenAgain() throws Exception {
        var wrong = new Field("x-api-key", "wrong-" + "access2".repeat(4));
        var refused = request(container, "/v1/messages?beta=true", ClaudeCode.BETAS, wrong)
                .body(utf8(ClaudeCode.body("")));
        var answer = assertStatus(401, Ground.send(container, refused));
        assertThat(answer.fields().values("x-should-retry")).containsExactly("false");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void streamsEventByEvent() throws Exception {
        var read = List.of(latch(), latch());
        upstream.script((request, reply) -> {
            reply.eventStream();
            reply.event("ping", "{\"type\":\"ping\"}");
            reply.await(read.get(0));
            reply.chunk(Messages.delta("one"));
            reply.await(read.get(1));
            reply.chunk(Messages.end());
            reply.lastChunk();
        });
        var client = closing(connect(container));
        client.send(request(container, "/v1/messages?beta=true", ClaudeCode.BETAS, KEY)
                .body(utf8(ClaudeCode.body(""))));
        client.readHead();
        assertThat(client.readEvent().orElseThrow().name()).isEqualTo("ping");
        read.get(0).countDown();
        assertThat(client.readEvent().orElseThrow().raw()).isEqualTo(Messages.delta("one"));
        read.get(1).countDown();
        assertThat(client.readEvent().orElseThrow().name()).isEqualTo("content_block_stop");
    }

    private RecordedRequest messageSentFor(Container gateway, String betas, String body, Field... credentials)
            throws Exception {
        upstream.script((request, reply) -> reply.messageStream("hi"));
        var request = request(gateway, "/v1/messages?beta=true", betas, credentials);
        assertText(200, Ground.send(gateway, request.body(utf8(body))))
                .isEqualTo(String.join("", Messages.stream("hi")));
        var sent = upstream.take();
        EndToEnd.assertSame(new FieldList(ClaudeCode.fields(betas, credentials)), sent.fields());
        return sent;
    }

    private static RawRequest request(Container gateway, String target, String betas, Field... credentials) {
        var request = Ground.request(gateway, "POST", target);
        ClaudeCode.fields(betas, credentials).forEach(field -> request.field(field.name(), field.value()));
        return request;
    }

    private static void assertCredential(RecordedRequest sent, String name, String value) {
        assertThat(sent.fields().values(name)).containsExactly(value);
        assertThat(sent.fields().has(name.equals("x-api-key") ? "authorization" : "x-api-key"))
                .isFalse();
        assertThat(sent.rawHead()).doesNotContain(ACCESS_TOKEN).doesNotContainIgnoringCase("x-warder-token");
    }

    /** The fields that a gateway passes on as they are. */
    private static final class EndToEnd {
        /** Fields that a gateway sets itself, so that their values need not be the client's. */
        private static final Set<String> OWN = Set.copyOf(
                items(
                        """
                authorization, x-api-key, x-warder-token, host, connection, content-length, accept-encoding"""));

        private EndToEnd() {}

        /** The same names on both sides, and for each the same values in the same order. */
        static void assertSame(FieldList given, FieldList sent) {
            assertThat(names(sent)).isEqualTo(names(given));
            names(given).forEach(name -> assertThat(sent.values(name)).as(name).isEqualTo(given.values(name)));
        }

        private static Set<String> names(FieldList fields) {
            var names = new TreeSet<String>();
            fields.lines().forEach(field -> names.add(field.name().toLowerCase(Locale.ROOT)));
            names.removeAll(OWN);
            return names;
        }
    }

    @Test
    void logsNoFieldAndNoBodyWhenEverythingIsAskedFor() throws Exception {
        log.level(HTTP_CLIENT, Level.ALL);
        upstream.script(json(200, Messages.message("a-secret-answer")));
        var question = Ground.request(container, "POST", "/v1/messages")
                .field("x-api-key", ACCESS_TOKEN)
                .json("{\"model\":\"claude-x\",\"max_tokens\":1,\"messages\":\"a-secret-question\"}");
        assertStatus(200, Ground.send(container, question));
        assertThat(log.lines(HTTP_CLIENT, Level.ALL)).isNotEmpty();
        assertThat(log.lines(HTTP_CLIENT + ".headers", Level.ALL)).isEmpty();
        assertThat(log.lines(HTTP_CLIENT + ".wire", Level.ALL)).isEmpty();
        assertThat(log.lines("", Level.ALL))
                .noneMatch(line -> line.text().contains("a-secret"))
                .noneMatch(line -> line.text().contains(MANAGED_KEY));
        assertThat(log.leaks()).isEmpty();
    }

    /**
     * Requests in the shape of Claude Code's: the same fields in the same order, a body with the same members and of about the
     * same size. Every text in them is made up.
     */
    private static final class ClaudeCode {
        /** What must stay first in {@code system}, alone and unchanged. */
        static final String ATTRIBUTION =
                "{\"type\":\"text\",\"text\":\"x-anthropic-billing-header: cc_version=2.1.328.abc; cc_entrypoint=sdk-cli;\"}";

        static final String BETAS =
                "claude-code-20250219,interleaved-thinking-2025-05-14,context-management-2025-06-27,"
                        + "per-turn-control-2026-07-01,mid-conversation-tool-changes-2026-07-01,thinking-token-count-2026-05-13,"
                        + "advanced-tool-use-2025-11-20,effort-2025-11-24";

        /** The betas that it sends with a login of its own. */
        static final String LOGIN_BETAS =
                BETAS.replace(",inter", ",oauth-2025-04-20,inter") + ",extended-cache-ttl-2025-04-11";

        private static final String SESSION = "0b6f3b0e-5d0c-4a53-9f5e-3c8a1f0e7d21";

        private static final int TOOLS = 18;

        private ClaudeCode() {}

        /**
         * The fields behind the request line but {@code Host} and {@code Content-Length}.
         *
         * @param credentials {@code Authorization} stands second, anything else where a key does
         */
        static List<Field> fields(String betas, Field... credentials) {
            var fields = new ArrayList<Field>();
            fields.add(new Field("Accept", "application/json"));
            add(fields, "Authorization", credentials);
            fields.add(new Field("Content-Type", "application/json"));
            fields.add(new Field("User-Agent", "claude-cli/2.1.328 (external, sdk-cli)"));
            add(fields, "X-Warder-Token", credentials);
            fields.add(new Field("X-Claude-Code-Session-Id", SESSION));
            fields.add(new Field("X-Stainless-Arch", "x64"));
            fields.add(new Field("X-Stainless-Lang", "js"));
            fields.add(new Field("X-Stainless-OS", "Linux"));
            fields.add(new Field("X-Stainless-Package-Version", "0.128.0"));
            fields.add(new Field("X-Stainless-Retry-Count", "0"));
            fields.add(new Field("X-Stainless-Runtime", "node"));
            fields.add(new Field("X-Stainless-Runtime-Version", "v24.3.0"));
            fields.add(new Field("X-Stainless-Timeout", "600"));
            fields.add(new Field("anthropic-beta", betas));
            fields.add(new Field("anthropic-dangerous-direct-browser-access", "true"));
            fields.add(new Field("anthropic-version", "2023-06-01"));
            add(fields, "x-api-key", credentials);
            fields.add(new Field("x-app", "cli"));
            fields.add(new Field("Connection", "keep-alive"));
            fields.add(new Field("Accept-Encoding", "gzip, deflate, br, zstd"));
            return fields;
        }

        /** The first request of a session, about 49 kB; {@code own} stands behind the attribution block. */
        static String body(String own) {
            var user = "{\"device_id\":\"%s\",\"account_uuid\":\"\",\"session_id\":\"%s\"}"
                    .formatted("d0".repeat(32), SESSION);
            return """
                    {"model":"claude-opus-5-5","messages":[{"role":"user","content":[{"type":"text","text":%s},\
                    {"type":"text","text":"say hi","cache_control":{"type":"ephemeral"}}]},\
                    {"role":"system","content":[{"type":"text","text":"Keep to the point."}],"output_config":{"effort":"low"}}],\
                    "system":[%s,%s{"type":"text","text":"You help a programmer.","cache_control":{"type":"ephemeral"}},\
                    {"type":"text","text":%s,"cache_control":{"type":"ephemeral"}}],"tools":[%s],\
                    "metadata":{"user_id":%s},"max_tokens":128000,"thinking":{"type":"adaptive","display":"omitted"},\
                    "context_management":{"edits":[{"type":"clear_thinking_20251015","keep":"all"}]},\
                    "output_config":{"effort":"high"},"stream":true}"""
                    .formatted(
                            Messages.quoted(prose("note", 40)),
                            ATTRIBUTION,
                            own,
                            Messages.quoted(prose("rule", 160)),
                            tools(),
                            Messages.quoted(user));
        }

        /** One of the many requests with which it measures what fills its context. */
        static String counting(int number) {
            return "{\"model\":\"claude-opus-5-5\",\"messages\":[{\"role\":\"user\",\"content\":\"part %d\"}],\"tools\":[]}"
                    .formatted(number);
        }

        private static void add(List<Field> fields, String name, Field... credentials) {
            for (var credential : credentials) {
                if (credential.name().equals(name)) {
                    fields.add(credential);
                }
            }
        }

        private static String tools() {
            return IntStream.range(0, TOOLS)
                    .mapToObj(number ->
                            """
                            {"name":"Tool%d","description":%s,"input_schema":{"$schema":"https://json-schema.org/draft/2020-12/schema",\
                            "type":"object","properties":{"path":{"type":"string"},"limit":{"type":"integer","exclusiveMinimum":0,\
                            "maximum":9007199254740991},"ratio":{"type":"number","default":1.0}},"required":["path"],\
                            "additionalProperties":false}%s}"""
                                    .formatted(
                                            number,
                                            Messages.quoted(prose("tool " + number, 14)),
                                            number == 0 ? ",\"defer_loading\":true" : ""))
                    .collect(Collectors.joining(","));
        }

        /** Lines with what a JSON writer may leave or escape: quotes, backslashes, umlauts, a sign beyond the basic plane. */
        private static String prose(String topic, int lines) {
            return IntStream.range(0, lines)
                    .mapToObj(line ->
                            "# %s %d: use \"double\" quotes\tand C:\\paths – für <b>alle</b> & 🙂, at most %d times."
                                    .formatted(topic, line, line))
                    .collect(Collectors.joining("\n"));
        }
    }
}
