package dev.warder.contract;

import static dev.warder.contract.Contract.ACCESS_TOKEN;
import static dev.warder.contract.Contract.MANAGED_KEY;
import static dev.warder.contract.Contract.OWN_KEY;
import static dev.warder.contract.Contract.OWN_OAUTH;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Field;
import dev.warder.testkit.FieldList;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RecordedRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests in the shape of Claude Code's pass as they are, whichever way it was given its credential. */
class ClaudeCodeContract extends ClientContract {
    private static final Field KEY = new Field("x-api-key", ACCESS_TOKEN);
    private static final Field BEARER = new Field("Authorization", "Bearer " + ACCESS_TOKEN);
    private static final Field TOKEN = new Field("X-Warder-Token", ACCESS_TOKEN);

    @ParameterizedTest
    @ValueSource(strings = {"/api/hello", "/"})
    void answersTheFirstLookWithoutAToken(String path) throws Exception {
        var look = Ground.request(container, "HEAD", path)
                .field("User-Agent", "Bun/1.3.0")
                .field("Accept", "*/*");
        assertThat(Ground.send(container, look).status()).isEqualTo(200);
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void sendsBodyAndFieldsUpAsTheyCame() throws Exception {
        var body = ClaudeCode.body("");
        assertThat(body.length()).isBetween(45_000, 55_000);
        var sent = messageSentFor(container, ClaudeCode.BETAS, body, KEY);
        assertThat(sent.body()).isEqualTo(body.getBytes(StandardCharsets.UTF_8));
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
            var client = closing(RawClient.connect(container.baseUri()));
            client.send(request(container, "/v1/messages/count_tokens?beta=true", ClaudeCode.BETAS, KEY)
                    .body(ClaudeCode.counting(number).getBytes(StandardCharsets.UTF_8)));
            clients.add(client);
        }
        for (int number = 0; number < many; number++) {
            var length = ClaudeCode.counting(number).length();
            assertThat(clients.get(number).readResponse().text()).isEqualTo("{\"input_tokens\":%d}".formatted(length));
        }
    }

    @Test
    void discoversModels() throws Exception {
        upstream.on(
                "/v1/models",
                (request, reply) -> reply.json(200, SdkAnswers.list(SdkAnswers.MODEL, "claude-opus-5-5")));
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
                .body(ClaudeCode.body("").getBytes(StandardCharsets.UTF_8));
        var answer = Ground.send(container, refused);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.fields().values("x-should-retry")).containsExactly("false");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void streamsEventByEvent() throws Exception {
        var read = List.of(new CountDownLatch(1), new CountDownLatch(1));
        upstream.script((request, reply) -> {
            reply.eventStream();
            reply.event("ping", "{\"type\":\"ping\"}");
            reply.await(read.get(0));
            reply.chunk(Messages.delta("one"));
            reply.await(read.get(1));
            reply.chunk(Messages.end());
            reply.lastChunk();
        });
        var client = closing(RawClient.connect(container.baseUri()));
        client.send(request(container, "/v1/messages?beta=true", ClaudeCode.BETAS, KEY)
                .body(ClaudeCode.body("").getBytes(StandardCharsets.UTF_8)));
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
        var answer = Ground.send(gateway, request.body(body.getBytes(StandardCharsets.UTF_8)));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo(String.join("", Messages.stream("hi")));
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
        private static final Set<String> OWN = Set.of(
                "authorization",
                "x-api-key",
                "x-warder-token",
                "host",
                "connection",
                "content-length",
                "accept-encoding");

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
}
