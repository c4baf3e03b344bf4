package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Script;
import dev.warder.testkit.SecretScan;
import dev.warder.testkit.TokenServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What requests get from a login, fresh, expired, refused and lost.
 *
 * <p>Where a login lies, and who else writes there.
 *
 * <p>Workload identity: the platform's token, which changes, is exchanged for one of the upstream's.
 *
 * <p>A login through its whole life, well and badly, and nothing secret of it anywhere: secrets of which each part is
 * searched for.
 */
class OAuthContract extends OAuthGroundContract {
    private static final Script UNAUTHORIZED =
            json(401, Messages.error("authentication_error", "OAuth token has expired"));

    private static final String WITHOUT = "The login of credential team has no refresh token; log in again.";
    private static final String FIRST = "identity-token-" + "one0".repeat(6);
    private static final String SECOND = "identity-token-" + "two0".repeat(6);
    private static final String ADMIN = "admin-" + "operators".repeat(3);
    private static final String CLIENT_SECRET = "client-" + "secretly".repeat(3);
    private static final String IDENTITY = "identity-" + "platform".repeat(3);

    private static final String STORE_KEY =
            Base64.getEncoder().encodeToString("store-key-of-32-bytes-of-a-test!".getBytes(StandardCharsets.US_ASCII));

    private static final String CREDENTIALS = "/admin/credentials";
    private final List<String> secrets = new ArrayList<>(List.of(ADMIN, CLIENT_SECRET, IDENTITY, STORE_KEY));
    private final List<String> shown = new ArrayList<>();

    @Test
    void sendsTheTokenAsBearerWithTheBetaOnce() throws Exception {
        store("fresh", login(1, FAR));
        var container = deploy("fresh", login("fresh", ""));
        var answer = assertStatus(200, ask(container));
        line(Level.FINE, "[OAuth] Using router OAuth token for request " + id(answer));
        assertThat(line(Level.INFO, "id=" + id(answer))).contains(" credential=team/oauth ");
        for (var beta : List.of("prompt-tools", "prompt-tools," + OAUTH_BETA, OAUTH_BETA)) {
            send(container, question(container).field("anthropic-beta", beta));
        }
        var sent = upstream.requests();
        assertThat(sent).hasSize(4).allMatch(each -> token(each).equals(TokenServer.foreign(1)));
        assertThat(sent.stream().flatMap(each -> each.fields().values("anthropic-beta").stream()))
                .containsExactly(OAUTH_BETA, "prompt-tools," + OAUTH_BETA, "prompt-tools," + OAUTH_BETA, OAUTH_BETA);
        assertThat(server.requests()).isEmpty();
    }

    @DisplayName("A44 expired, three requests at once: one refresh, three successes")
    @Test
    void refreshesOnceForRequestsAtTheSameTime() throws Exception {
        var answering = latch();
        server.stall(answering);
        store("parallel", login(1, PAST));
        var container = deploy("parallel", login("parallel", ""));
        var clients = Executors.newFixedThreadPool(3);
        var answers = new ArrayList<Future<RawResponse>>();
        for (int client = 0; client < 3; client++) {
            Callable<RawResponse> asking = () -> ask(container);
            answers.add(clients.submit(asking));
        }
        server.awaitRequest();
        eventually(() -> number(container, "OpenExchanges") == 3);
        assertThat(upstream.requests()).isEmpty();
        answering.countDown();
        for (var answer : answers) {
            assertStatus(200, answer.get(20, TimeUnit.SECONDS));
        }
        clients.shutdown();
        assertThat(server.refreshes().value()).isOne();
        assertThat(server.requests()).hasSize(1);
        assertThat(upstream.requests())
                .hasSize(3)
                .allMatch(sent -> server.knows(token(sent)))
                .extracting(OAuthGroundContract::token)
                .containsOnly(token(upstream.requests().get(0)));
    }

    @DisplayName("A45 the upstream says 401 once: one forced refresh, one replay")
    @Test
    void refreshesAndReplaysOnceAfter401() throws Exception {
        store("replay", login(1, FAR));
        var container = deploy("replay", login("replay", ""));
        upstream.next(UNAUTHORIZED);
        assertStatus(200, ask(container));
        var sent = upstream.requests();
        assertThat(sent).hasSize(2).allMatch(each -> each.text().equals(QUESTION));
        assertThat(token(sent.get(0))).isEqualTo(TokenServer.foreign(1));
        assertThat(server.knows(token(sent.get(1)))).isTrue();
        assertThat(server.refreshes().value()).isOne();
    }

    @DisplayName("A45 the upstream says 401 again")
    @Test
    void tellsWhichCredentialIsRefusedAgain() throws Exception {
        store("refused", login(1, FAR));
        var container = deploy("refused", login("refused", ""));
        upstream.next(UNAUTHORIZED).next(UNAUTHORIZED);
        var answer = ask(container);
        assertThat(Answers.refused(answer, 502)).contains("\"team\"");
        assertThat(answer.fields().values("x-should-retry")).containsExactly("false");
        assertThat(upstream.requests()).hasSize(2);
        assertThat(server.refreshes().value()).isOne();
    }

    @Test
    void tellsThatTheOnlyLoginIsLost() throws Exception {
        store("lost", login(1, PAST));
        server.next(json(400, "{\"error\":\"invalid_grant\"}"));
        var container = deploy("lost", login("lost", "").with("passthrough", "false"));
        for (int time = 0; time < 3; time++) {
            assertThat(Answers.refused(ask(container), 502)).contains("\"team\"");
        }
        assertThat(server.requests()).hasSize(1);
        assertThat(upstream.requests()).isEmpty();
        var ready = get(container, "/health/ready");
        assertText(503, ready).contains("credential-1").doesNotContain("team", "invalid_grant");
        assertThat(known(container, "/health/ready").text()).contains("credential-team", "invalid_grant");
        assertStatus(200, get(container, "/health/live"));
        assertThat(lines(Level.SEVERE)).singleElement().satisfies(text -> assertThat(text)
                .contains("team", "invalid_grant", "auth login team"));
    }

    @Test
    void usesTheNextCredentialForALoginThatIsLost() throws Exception {
        store("spared", login(1, PAST));
        server.next(json(400, "{\"error\":\"invalid_grant\"}"));
        var container = deploy("spared", login("spared", "; spare=jndi:warder/secret.spare"));
        for (int time = 0; time < 2; time++) {
            assertStatus(200, ask(container));
            assertThat(upstream.take().fields().values("x-api-key")).containsExactly(MANAGED_KEY);
        }
        assertThat(server.requests()).hasSize(1);
        assertText(200, known(container, "/health/ready")).contains("team", "invalid_grant");
    }

    @Test
    void takesUpWhatAnotherProcessHasStored() throws Exception {
        store("changed", login(1, FAR));
        var container = deploy("changed", login("changed", ""));
        assertStatus(200, ask(container));
        assertThat(token(upstream.take())).isEqualTo(TokenServer.foreign(1));
        store("changed", login(2, FAR));
        eventually(() -> {
            ask(container);
            return token(upstream.take()).equals(TokenServer.foreign(2));
        });
        store("changed", login(3, PAST));
        eventually(() -> {
            ask(container);
            return server.knows(token(upstream.take()));
        });
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void warnsAtStartOfALoginInTheShapeOfADeveloper() throws Exception {
        store(
                "shaped",
                "{\"claudeAiOauth\":{\"accessToken\":\"" + TokenServer.foreign(1) + "\",\"refreshToken\":\""
                        + server.login() + "\",\"expiresAt\":" + FAR + "000}}");
        var container = deploy("shaped", login("shaped", ""));
        assertThat(line(Level.WARNING, "claudeAiOauth"))
                .startsWith("oauth.store: ")
                .contains("operator's own OAuth client", "never stored");
        assertStatus(200, ask(container));
        assertThat(token(upstream.take())).isEqualTo(TokenServer.foreign(1));
    }

    /** The command {@code auth status} says it in the same words, see StandaloneTest. */
    @Test
    void callsAnExpiredLoginWithoutARefreshTokenUnusableEverywhere() throws Exception {
        store("expired", "{\"access_token\":\"" + server.login() + "\",\"expires_at\":" + PAST + "}");
        var container = deploy(
                "expired", login("expired", "").with("passthrough", "false").withSecret("admin.token", ADMIN_TOKEN));
        eventually(() -> get(container, "/health/ready").status() == 503);
        assertThat(known(container, "/health/ready").text()).contains("credential-team", WITHOUT);
        assertThat(Answers.refused(ask(container), 502)).contains("\"team\"");
        var page = send(container, administrator(container, "GET", "/admin/credentials"));
        assertThat(page.text()).contains("\"usable\":false", WITHOUT);
        assertThat(log.lines("dev.warder", Level.SEVERE))
                .anySatisfy(line -> assertThat(line.text()).contains("team", WITHOUT));
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void startsWithoutALogin() throws Exception {
        var container = deploy("missing", login("missing", ""));
        assertThat(Answers.refused(ask(container), 502)).contains("\"team\"");
        assertStatus(200, get(container, "/health/ready"));
        assertThat(get(container, "/health/ready").text()).doesNotContain("team", "no login is stored");
        assertThat(known(container, "/health/ready").text()).contains("team", "no login is stored");
        assertThat(upstream.requests()).isEmpty();
        var own = request(container, "POST", "/v1/messages")
                .field("X-Warder-Token", ACCESS_TOKEN)
                .bearer(OWN_OAUTH)
                .json(QUESTION);
        ok(container, own);
        assertThat(token(upstream.take())).isEqualTo(OWN_OAUTH);
        store("missing", login(1, FAR));
        eventually(() -> !known(container, "/health/ready").text().contains("no login is stored"));
        assertStatus(200, ask(container));
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void keepsTheLoginInTheDatabase() throws Exception {
        String url = "jdbc:h2:mem:" + folder.getFileName() + ";DB_CLOSE_DELAY=-1";
        var container = deploy("rows", oauth("").with("oauth.store", "jdbc").withDatabase(url));
        assertThat(Answers.refused(ask(container), 502)).contains("\"team\"");
        // Tomcat takes every driver from the DriverManager when an application stops.
        var database = new JdbcDataSource();
        database.setURL(url);
        try (var connection = database.getConnection()) {
            put(connection, login(1, PAST));
            eventually(() -> ask(container).status() == 200);
            String token = token(upstream.take());
            assertThat(server.knows(token)).isTrue();
            assertThat(stored(connection)).contains(token);
        }
        assertThat(server.refreshes().value()).isOne();
    }

    private static void put(Connection connection, String login) throws SQLException {
        try (var merge = connection.prepareStatement(
                "MERGE INTO warder_oauth_token (name, generation, token) KEY (name) VALUES ('team', 7, ?)")) {
            merge.setString(1, login);
            merge.executeUpdate();
        }
    }

    private static String stored(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT token FROM warder_oauth_token WHERE name = 'team' AND generation = 8")) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    @Test
    void readsTheIdentityTokenForEachExchange() throws Exception {
        log.plant(FIRST, SECOND);
        server.expiresIn("2");
        var identity = Files.writeString(folder.resolve("identity"), FIRST + "\n");
        var container = deploy(
                "federation",
                ground.guarded()
                        .with("upstream.credentials", "ci=federation")
                        .with("federation.tokenUrl", server.url().toString())
                        .with("federation.ruleId", "the-rule")
                        .with("federation.organizationId", "the-organization")
                        .with("federation.identityToken", "file:" + identity));
        var answer = assertStatus(200, ask(container));
        var sent = upstream.take();
        assertThat(server.knows(token(sent))).isTrue();
        assertThat(sent.fields().values("anthropic-beta")).containsExactly(OAUTH_BETA);
        line(Level.FINE, "[Federation] Using federated token for request " + id(answer));
        assertThat(line(Level.INFO, "id=" + id(answer))).contains(" credential=ci/federation ");
        int before = server.requests().size();
        assertThat(assertion(0)).isEqualTo(FIRST);
        Files.writeString(identity, SECOND + "\n");
        eventually(() -> {
            assertStatus(200, ask(container));
            return server.requests().size() > before;
        });
        assertThat(assertion(before)).isEqualTo(SECOND);
    }

    private String assertion(int exchange) {
        return TokenServer.members(server.requests().get(exchange)).getOrDefault("assertion", "");
    }

    OAuthContract() {
        secrets.addAll(Arrays.asList(TokenServer.secrets()));
    }

    @Test
    void showsNoneOfItAnywhere() throws Exception {
        log.plant(secrets.toArray(String[]::new));
        var container = deploy("secrets", secretive());
        logIn(container);
        useAndLose(container);
        look(container);
        // What only the token endpoint has seen is looked for in everything that was said so far.
        server.requests().forEach(request -> {
            var members = TokenServer.members(request);
            Stream.of("code", "code_verifier", "refresh_token", "assertion")
                    .flatMap(name -> Stream.ofNullable(members.get(name)))
                    .forEach(secrets::add);
        });
        assertThat(secrets).hasSizeGreaterThan(9);
        log.plant(secrets.toArray(String[]::new));
        assertThat(log.leaks()).isEmpty();
        var scan = new SecretScan(secrets);
        assertThat(shown).hasSizeGreaterThan(20).allSatisfy(text -> assertThat(scan.find(text))
                .isEmpty());
    }

    private Deployment secretive() throws Exception {
        var identity = Files.writeString(folder.resolve("identity"), IDENTITY);
        return login("sealed", "; ci=federation")
                .with("passthrough", "false")
                .with("oauth.format", "json")
                .with("oauth.authorizeUrl", "https://login.example/authorize")
                .with("oauth.redirectUri", "https://gateway.example/secrets/admin/credentials/callback")
                .withSecret("oauth.clientSecret", CLIENT_SECRET)
                .withSecret("oauth.storeKey", STORE_KEY)
                .withSecret("admin.token", ADMIN)
                .with("federation.tokenUrl", server.url().toString())
                .with("federation.ruleId", "the-rule")
                .with("federation.organizationId", "the-organization")
                .with("federation.identityToken", "file:" + identity);
    }

    private void logIn(Container container) throws Exception {
        var begun = administer(container, "POST", CREDENTIALS + "/team/login", 200);
        String url = Answers.json(begun).getString("authorizeUrl");
        String code = server.code(parameter(url, "code_challenge"));
        String back = CREDENTIALS + "/callback?code=" + code + "&state=" + parameter(url, "state");
        administer(container, "GET", CREDENTIALS + "/callback?code=" + code + "&state=another", 400);
        administer(container, "GET", back, 200);
        administer(container, "GET", back, 400);
        assertThat(Files.readString(store("sealed"))).startsWith("warder-login:");
    }

    /** Good and bad answers of the upstream and of the token endpoint, which says secrets back where it can. */
    private void useAndLose(Container container) throws Exception {
        said(container, 200);
        upstream.next((request, reply) -> {
            String echo = request.fields().first("Authorization").orElseThrow();
            reply.field("request-id", "req_up").json(401, Messages.error("authentication_error", echo));
        });
        said(container, 200);
        administer(container, "POST", CREDENTIALS + "/team/refresh", 200);
        for (int status : new int[] {500, 400, 200}) {
            server.next((request, reply) -> reply.json(status, "{\"error\":\"" + request.text() + "\"}"));
            administer(container, "POST", CREDENTIALS + "/team/refresh", 502);
        }
        server.next((request, reply) -> reply.send("garbage " + request.text() + "\r\n\r\n"));
        administer(container, "POST", CREDENTIALS + "/team/refresh", 502);
        server.next((request, reply) -> reply.field("Location", server.url() + "?" + TokenServer.secrets()[0])
                .json(302, "{}"));
        administer(container, "POST", CREDENTIALS + "/team/refresh", 502);
        server.next((request, reply) -> reply.json(
                400, "{\"error\":\"invalid_grant\",\"error_description\":" + Messages.quoted(request.text()) + "}"));
        administer(container, "POST", CREDENTIALS + "/team/refresh", 502);
        said(container, 200);
        upstream.next(json(401, Messages.error("authentication_error", "no")));
        said(container, 502);
        store("sealed", "{\"access_token\":\"" + TokenServer.foreign(7) + "\",\"expires_at\":}");
        administer(container, "GET", CREDENTIALS, 200);
    }

    private void look(Container container) throws Exception {
        var page = administration(container, "GET", CREDENTIALS).field("Accept", "text/html");
        assertThat(shown(send(container, page)).text()).contains("<html");
        // A file that is no login is left to the operator.
        administer(container, "POST", CREDENTIALS + "/team/logout", 502);
        for (var path : List.of("/health", "/health/live", "/health/ready", CREDENTIALS, "/admin/login", "/metrics")) {
            shown(get(container, path));
        }
        Thread.getAllStackTraces().keySet().forEach(thread -> shown.add(thread.getName()));
        shown.add(Beans.text());
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                shown.add(file.getFileName().toString());
                if (file.toString().endsWith(".lock")) {
                    shown.add(Files.readString(file));
                }
            }
        }
    }

    private void said(Container container, int status) throws Exception {
        assertStatus(status, shown(ask(container)));
    }

    private RawResponse administer(Container container, String method, String path, int status) throws Exception {
        return assertStatus(status, shown(send(container, administration(container, method, path))));
    }

    private static RawRequest administration(Container container, String method, String path) {
        return request(container, method, path).bearer(ADMIN);
    }

    private RawResponse shown(RawResponse answer) {
        shown.add(answer.toString());
        return answer;
    }
}
