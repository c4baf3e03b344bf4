package dev.warder.openai;

import static dev.warder.openai.ChatSample.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.Client;
import dev.warder.config.ModelMap;
import dev.warder.config.Secret;
import dev.warder.config.Sources;
import dev.warder.contract.Eventually;
import dev.warder.credential.AnyUpstream;
import dev.warder.credential.CredentialPool;
import dev.warder.credential.CredentialSource;
import dev.warder.credential.ManagedCredential;
import dev.warder.credential.ManagedSettings.PoolOrder;
import dev.warder.credential.UpstreamCredential;
import dev.warder.edit.ModelListRefresh;
import dev.warder.exchange.tries.AnthropicApi;
import dev.warder.testkit.Limit;
import dev.warder.testkit.LogCapture;
import dev.warder.testkit.Script;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.upstream.Outbound;
import dev.warder.upstream.UpstreamClient;
import dev.warder.upstream.UpstreamSettings.Http2;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ModelListRefreshTest {
    private static final String KEY = "sk-" + "ant-api03-" + "k".repeat(20);
    private static final String LOGIN = "sk-" + "ant-oat01-" + "c".repeat(20);
    private static final Duration SOON = Limit.seconds(5);

    /** Just before the clock wraps, which it may. */
    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 1000);

    private final AtomicReference<JsonObject> rows = new AtomicReference<>(JsonValue.EMPTY_JSON_OBJECT);
    private final ServedModels models = new ServedModels(
            new OpenAiSettings(true, () -> ModelMap.of(Optional.empty()), 100_000, true, List.of(), rows::get),
            new Sources().read().models());
    private final ScriptedUpstream upstream = start();
    private final UpstreamClient client = new UpstreamClient(
            upstream.uri(), Duration.ofSeconds(3), Http2.OFF, Outbound.DIRECT, Thread::new, System::nanoTime);
    private final LogCapture log = LogCapture.start().plant(KEY, LOGIN, "planted-by-the-upstream");

    @BeforeEach
    void startClient() {
        client.start();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        upstream.close();
        log.close();
        assertThat(log.leaks()).isEmpty();
    }

    @Test
    void asksAsWarderWithTheFirstCredential() throws Exception {
        upstream.models((request, reply) -> reply.json(200, page("claude-opus-5", 7, false)));
        var refresh = modelListRefresh("/base", fixed("first", KEY), fixed("second", LOGIN));
        refresh(refresh, 7);
        var question = upstream.takeModelQuestion();
        assertThat(question.target()).isEqualTo("/base/v1/models?limit=1000");
        assertThat(question.fields().values("x-api-key")).containsExactly(KEY);
        assertThat(question.fields().values("anthropic-version")).containsExactly("2023-06-01");
        assertThat(question.fields().values("user-agent")).containsExactly("Warder");
        assertThat(question.fields().has("authorization")).isFalse();
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void showsALoginAsTheApiWantsIt() throws Exception {
        upstream.models((request, reply) -> reply.json(200, page("claude-opus-5", 7, false)));
        refresh(modelListRefresh("", fixed("login", LOGIN)), 7);
        var question = upstream.takeModelQuestion();
        assertThat(question.fields().values("authorization")).containsExactly("Bearer " + LOGIN);
        assertThat(question.fields().values("anthropic-beta")).containsExactly("oauth-2025-04-20");
        assertThat(question.fields().has("x-api-key")).isFalse();
    }

    @Test
    void asksForOnePageOnly() throws Exception {
        upstream.models((request, reply) -> reply.json(200, page("claude-opus-5", 7, true)));
        var refresh = modelListRefresh("", fixed("a", KEY));
        refresh(refresh, 7);
        settle(refresh, 1);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void keepsWhatWasKnownAndSaysOnceWhatWentWrong(Script failure, String reason) throws Exception {
        upstream.models((request, reply) -> reply.json(200, page("claude-opus-5", 7, false)));
        var refresh = modelListRefresh("", fixed("a", KEY));
        refresh(refresh, 7);
        upstream.models(failure);
        after(refresh, Duration.ofHours(6));
        Eventually.holds(SOON, () -> ticked(refresh) && !warnings().isEmpty());
        after(refresh, Duration.ofMinutes(5));
        settle(refresh, 3);
        assertThat(maxTokens("claude-opus-5")).isEqualTo(7);
        assertThat(warnings()).singleElement().asString().contains(reason, "stays in use");
    }

    static Stream<Arguments> failures() {
        return Map.<String, Script>of(
                        "the upstream returned 401",
                        (request, reply) -> reply.json(401, "{\"error\":{\"message\":\"planted-by-the-upstream\"}}"),
                        "the upstream returned 500",
                        (request, reply) -> reply.json(500, "planted-by-the-upstream"),
                        "the upstream returned 302",
                        (request, reply) -> reply.json(302, page("claude-opus-5", 8, false)),
                        "the upstream returned no list of models",
                        (request, reply) -> reply.json(200, "{\"planted-by-the-upstream\":[]}"),
                        "the upstream returned more than 1048576 bytes",
                        (request, reply) -> reply.json(200, page("claude-opus-5", 8, false) + " ".repeat(1 << 20)),
                        "the upstream could not be asked: the connection was lost",
                        (request, reply) -> reply.reset())
                .entrySet()
                .stream()
                .map(each -> Arguments.of(each.getValue(), each.getKey()));
    }

    @Test
    void asksAgainAfterFiveMinutesAndThenAfterSixHours() throws Exception {
        upstream.models((request, reply) -> reply.json(500, "{}"));
        var refresh = modelListRefresh("", fixed("a", KEY));
        settle(refresh, 1);
        after(refresh, Duration.ofMinutes(4));
        settle(refresh, 1);
        after(refresh, Duration.ofMinutes(1));
        settle(refresh, 2);
        after(refresh, Duration.ofHours(6).minusSeconds(1));
        settle(refresh, 2);
        upstream.models((request, reply) -> reply.json(200, page("claude-opus-5", 7, false)));
        after(refresh, Duration.ofSeconds(1));
        refresh(refresh, 7);
        upstream.models((request, reply) -> reply.json(200, page("claude-opus-5", 6, false)));
        after(refresh, Duration.ofHours(6));
        refresh(refresh, 6);
    }

    @Test
    void waitsWithoutAWordForALoginThatIsMissing() throws Exception {
        upstream.models((request, reply) -> reply.json(200, page("claude-opus-5", 7, false)));
        var login = new MissingLogin();
        var refresh = modelListRefresh("", login);
        refresh.tick();
        after(refresh, Duration.ofMinutes(1));
        login.comes(KEY);
        refresh.tick();
        assertThat(upstream.untakenModelQuestions()).isZero();
        after(refresh, Duration.ofMinutes(1));
        refresh(refresh, 7);
        assertThat(warnings()).isEmpty();
    }

    @Test
    void passesOverACredentialThatIsOutOfUse() throws Exception {
        upstream.models((request, reply) -> reply.json(200, page("claude-opus-5", 7, false)));
        var login = new MissingLogin();
        login.endsFor("the login was refused");
        refresh(modelListRefresh("", login, fixed("second", KEY)), 7);
        assertThat(upstream.takeModelQuestion().fields().values("x-api-key")).containsExactly(KEY);
    }

    @Test
    void passesOverAnUpstreamWithoutAList() throws Exception {
        upstream.models((request, reply) -> reply.json(200, page("claude-opus-5", 7, false)));
        var other = new CredentialPool.Entry(fixed("first", LOGIN), 1, new AnyUpstream());
        refresh(refresh(List.of(other, entry("", fixed("second", KEY)))), 7);
        assertThat(upstream.takeModelQuestion().fields().values("x-api-key")).containsExactly(KEY);
    }

    @Test
    void givesUpOnAnUpstreamThatDoesNotAnswer() throws Exception {
        var held = new CountDownLatch(1);
        upstream.models((request, reply) -> held.await());
        var refresh = modelListRefresh("", fixed("a", KEY));
        refresh.tick();
        var question = upstream.takeModelQuestion();
        after(refresh, Duration.ofSeconds(59));
        assertThat(warnings()).isEmpty();
        after(refresh, Duration.ofSeconds(1));
        assertThat(warnings()).singleElement().asString().contains("the upstream did not respond within 60 s");
        question.awaitPeerClosed(SOON);
        held.countDown();
    }

    private ModelListRefresh modelListRefresh(String path, CredentialSource... sources) {
        return refresh(
                List.of(sources).stream().map(source -> entry(path, source)).toList());
    }

    private CredentialPool.Entry entry(String path, CredentialSource source) {
        var api = new AnthropicApi(URI.create(upstream.uri() + path), "2023-06-01", client.origin());
        return new CredentialPool.Entry(source, 1, api);
    }

    private ModelListRefresh refresh(List<CredentialPool.Entry> entries) {
        var pool = new CredentialPool(entries, PoolOrder.ORDERED, nanoTime::get, InstantSource.system());
        return new ModelListRefresh(models::update, pool, nanoTime::get);
    }

    private void refresh(ModelListRefresh refresh, int maxTokens) throws Exception {
        Eventually.holds(SOON, () -> ticked(refresh) && maxTokens("claude-opus-5") == maxTokens);
    }

    /** Ticks until there were so many questions, and on for as long as one more would take to come. */
    private void settle(ModelListRefresh refresh, int questions) throws Exception {
        Eventually.holds(SOON, () -> ticked(refresh) && upstream.untakenModelQuestions() >= questions);
        Eventually.holds(SOON, () -> ticked(refresh) && client.leased() == 0);
        refresh.tick();
        assertThat(upstream.untakenModelQuestions()).isEqualTo(questions);
    }

    private static boolean ticked(ModelListRefresh refresh) {
        refresh.tick();
        return true;
    }

    private void after(ModelListRefresh refresh, Duration time) {
        nanoTime.addAndGet(time.toNanos());
        refresh.tick();
    }

    private List<String> warnings() {
        return log.lines(ModelListRefresh.class.getName(), Level.WARNING).stream()
                .map(Object::toString)
                .toList();
    }

    private int maxTokens(String model) {
        var request = json("{'model': '" + model + "', 'messages': [{'role': 'user', 'content': 'hi'}]}");
        return ChatSample.translated(models.chatRequest(), request).message().getInt("max_tokens");
    }

    private static String page(String id, int maxTokens, boolean more) {
        return "{\"data\":[{\"type\":\"model\",\"id\":\"" + id + "\",\"max_tokens\":" + maxTokens
                + ",\"capabilities\":null}],\"has_more\":" + more + ",\"last_id\":\"" + id + "\"}";
    }

    private static CredentialSource fixed(String name, String value) {
        return new ManagedCredential.Fixed(name, 1, false, Secret.of(value));
    }

    private static ScriptedUpstream start() {
        try {
            return ScriptedUpstream.plain();
        } catch (IOException noPort) {
            throw new AssertionError(noPort);
        }
    }

    /** A login that has no value before a test brings one. */
    private static final class MissingLogin implements CredentialSource {
        private Optional<UpstreamCredential> value = Optional.empty();
        private Optional<String> end = Optional.empty();

        void comes(String token) {
            value = Optional.of(UpstreamCredential.ofBearerField(token));
        }

        void endsFor(String reason) {
            end = Optional.of(reason);
        }

        @Override
        public String name() {
            return "login";
        }

        @Override
        public Kind kind() {
            return Kind.OAUTH;
        }

        @Override
        public CompletionStage<UpstreamCredential> current(Client client) {
            return value.map(CompletableFuture::completedFuture)
                    .orElseGet(() ->
                            CompletableFuture.failedFuture(CredentialSource.UnavailableException.passing("later")));
        }

        @Override
        public CompletionStage<UpstreamCredential> inPlaceOf(UpstreamCredential refused) {
            return current(Client.GATEWAY);
        }

        @Override
        public boolean renewable() {
            return true;
        }

        @Override
        public Optional<String> outOfUse() {
            return end;
        }
    }
}
