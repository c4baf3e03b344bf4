package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What administrators do over HTTP, and that nobody else does it. */
class AdminContract extends GroundContract {
    private static final String STREAMING = DeployedContract.STREAMING;
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

    /** A field's name and its value. */
    private static final List<List<String>> PRESENTED = List.of(
            List.of("X-Nothing", ""),
            List.of("Authorization", "Bearer "),
            List.of("Authorization", "Bearer wrong"),
            List.of("Authorization", "Bearer {access}"),
            List.of("Authorization", "Basic {admin}"),
            List.of("Authorization", "{admin}"),
            List.of("Authorization", "Bearer {admin}x"),
            List.of("x-api-key", "{admin}"),
            List.of("x-api-key", "{access}"),
            List.of("X-Warder-Token", "{admin}"),
            List.of("X-Warder-Token", "{access}"),
            List.of("Cookie", "token={admin}"));

    @ParameterizedTest
    @ValueSource(strings = {"/admin", "/admin/drain", "/admin/login"})
    void isNotThereWithoutItsSetting(String path) throws Exception {
        for (var setup : List.of(Setup.TOKEN_KEY, Setup.UNSET)) {
            var container = setup.on(ground);
            for (var method : List.of("GET", "POST")) {
                Answers.refused(send(container, request(container, method, path)), 404);
                Answers.refused(send(container, authenticated(container, method, path)), 404);
                Answers.refused(send(container, administrator(container, method, path)), 404);
            }
            assertThat(container.gateway("Draining")).isEqualTo(false);
        }
    }

    /** All at once, because each guess after the fifth is answered after 2 s only. */
    @Test
    void demandsItsOwnTokenAsABearerToken() throws Exception {
        var container = guarded();
        var requests = new ArrayList<RawRequest>();
        for (var presented : PRESENTED) {
            var field = presented.get(1).replace("{admin}", ADMIN_TOKEN).replace("{access}", ACCESS_TOKEN);
            for (var path : List.of("/admin/drain", "/admin", "/admin/other")) {
                for (var method : List.of("POST", "GET", "OPTIONS")) {
                    requests.add(request(container, method, path).field(presented.get(0), field));
                }
            }
        }
        requests.add(administrator(container, "POST", "/admin/drain").bearer(ACCESS_TOKEN));
        for (var answer : exchangeAtOnce(container, requests)) {
            refused(answer);
        }
        assertThat(container.gateway("Draining")).isEqualTo(false);
    }

    /** Thousands of guesses within seconds; a signed-in browser does not notice, and the right token is served soon after. */
    @Test
    void comparesFewOfManyGuesses() throws Exception {
        var container = ground.container("guessed", withToken(ground.usual()));
        var session = signIn(container);
        long began = System.nanoTime();
        var guess = request(container, "POST", "/admin/drain").field("Authorization", "Bearer wrong");
        var page = request(container, "GET", "/admin/credentials").field("Cookie", session);
        var statuses = new TreeMap<Integer, Integer>();
        var open = new ArrayList<RawClient>();
        try {
            for (int i = 0; i < 300; i++) {
                open.add(connect(container).send(guess));
            }
            // The right token is not among those that wait.
            assertStatus(200, ask(container, "GET", "/admin/credentials"));
            // Until the first of the delayed guesses is answered and makes room for another one.
            for (int i = 0; i < 100 && !statuses.containsKey(401); i++) {
                ok(container, page);
                try (var kept = connect(container)) {
                    for (int j = 0; j < 50 && !statuses.containsKey(401); j++) {
                        statuses.merge(kept.exchange(guess).status(), 1, Integer::sum);
                    }
                }
            }
            for (var client : open) {
                statuses.merge(client.readResponse().status(), 1, Integer::sum);
            }
        } finally {
            close(open);
        }
        // As many as are delayed at once, every 2 s.
        long rounds = 1 + (System.nanoTime() - began) / 2_000_000_000L;
        assertThat(statuses.keySet()).contains(401).isSubsetOf(401, 429);
        assertThat(statuses.get(401)).isLessThanOrEqualTo((int) (5 + 256 * rounds));
        eventually(() -> ask(container, "GET", "/admin/credentials").status() == 200);
        assertThat(container.gateway("Draining")).isEqualTo(false);
    }

    /** A response that is ready before the container accepts it: two threads could write it, and the second found it gone. */
    @Test
    void anOrdinaryRefusalIsNoFaultInTheLog() throws Exception {
        var container = guarded();
        log.clear();
        var forged = request(container, "GET", "/admin/").field("Cookie", "warder-admin=e30.9999999999.forged");
        for (int i = 0; i < 10; i++) {
            // Tomcat ends a connection after 100 requests.
            try (var client = connect(container)) {
                for (int k = 0; k < 50; k++) {
                    Answers.refused(client.exchange(forged), 401);
                }
            }
        }
        assertThat(log.lines("", Level.WARNING)).isEmpty();
    }

    @Test
    void endsASessionThatSignedOutAndLogsWhatWasDone() throws Exception {
        var container = ground.container("signed-out", withToken(ground.usual()));
        var session = signIn(container);
        var page = request(container, "GET", "/admin/credentials")
                .field("Accept", "text/html")
                .field("Cookie", session);
        var csrf = CSRF.matcher(send(container, page).text());
        assertThat(csrf.find()).isTrue();
        var out = form(request(container, "POST", "/admin/logout").field("Cookie", session), "csrf=" + csrf.group(1));
        log.clear();
        assertStatus(303, send(container, out));
        assertStatus(401, send(container, page));
        assertThat(log.lines("dev.warder.admin", Level.INFO))
                .extracting(line -> line.text())
                .filteredOn(text -> text.contains("action="))
                .singleElement()
                .asString()
                .endsWith("action=sign-out credential=- by=session from=127.0.0.1 result=done");
    }

    @Test
    void knowsNoOtherPathAndNoOtherMethod() throws Exception {
        var container = guarded();
        for (var path : List.of("/admin/x", "/admin/drain/x", "/admin/credentials/none/login")) {
            Answers.refused(ask(container, "POST", path), 404);
        }
        for (var method : List.of("GET", "PUT", "DELETE", "OPTIONS")) {
            var answer = ask(container, method, "/admin/drain");
            Answers.refused(answer, 405);
            assertThat(answer.fields().values("allow")).containsExactly("POST");
        }
        assertThat(container.gateway("Draining")).isEqualTo(false);
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void isNoWayIntoTheGateway() throws Exception {
        var container = guarded();
        var request = request(container, "GET", "/v1/models").field("x-api-key", ADMIN_TOKEN);
        Answers.refused(send(container, request), 401);
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void drainsWhenAnAdministratorSaysSo() throws Exception {
        var container = ground.container("drained", withToken(ground.usual()));
        var goesOn = latch();
        upstream.next(Script.events(Messages.ping(), goesOn, Messages.end()));
        try (var open = connect(container)) {
            var head = open.send(message(container)).readHead();
            assertThat(open.readEvent().orElseThrow().name()).isEqualTo("ping");
            accepted(ask(container, "POST", "/admin/drain"), 1);
            assertText(503, send(container, request(container, "GET", "/health/ready")))
                    .contains("\"data\":{\"reason\":\"draining\",\"openExchanges\":1}");
            var refused = send(container, message(container));
            Answers.refused(refused, 503);
            assertThat(refused.fields().has("retry-after")).isTrue();
            accepted(ask(container, "POST", "/admin/drain"), 1);
            goesOn.countDown();
            assertThat(open.readBody(head).text()).isEqualTo(Messages.end());
        } finally {
            goesOn.countDown();
        }
    }

    /** A node whose clients cannot be told apart is taken out of service like any other. */
    @Test
    void drainsWhateverIsMissing() throws Exception {
        var container = ground.container("unset-drained", withToken(ground.bare()));
        accepted(ask(container, "POST", "/admin/drain"), 0);
        assertThat(container.gateway("Draining")).isEqualTo(true);
    }

    private Container guarded() throws Exception {
        return ground.shared(withToken(ground.usual()));
    }

    private Deployment withToken(Deployment deployment) {
        return deployment.withSecret("admin.token", ADMIN_TOKEN);
    }

    private static RawRequest message(Container container) {
        return authenticated(container, "POST", "/v1/messages").json(STREAMING);
    }

    /** A form is read before anybody is known: the next request on the connection must stay whole. */
    @Test
    void readsAChunkedFormAndNothingOfTheNextRequest() throws Exception {
        var container = guarded();
        var form = request(container, "POST", "/admin/login")
                .field("Content-Type", "application/x-www-form-urlencoded")
                .field("Transfer-Encoding", "chunked")
                .head();
        var next = form(
                request(container, "POST", "/admin/login"), "token=" + ADMIN_TOKEN + "&other=" + "x".repeat(3_800));
        for (int i = 0; i < 5; i++) {
            try (var client = connect(container)) {
                client.send(form + "6\r\ntoken=\r\n" + Integer.toHexString(ADMIN_TOKEN.length()) + "\r\n" + ADMIN_TOKEN
                        + "\r\n0\r\n\r\n" + new String(next.bytes(), StandardCharsets.US_ASCII));
                assertStatus(303, client.readResponse());
                assertStatus(303, client.readResponse());
            }
        }
    }

    private static RawResponse ask(Container container, String method, String path) throws IOException {
        return send(container, request(container, method, path).field("Authorization", "bearer  " + ADMIN_TOKEN));
    }

    private static void accepted(RawResponse answer, int open) {
        assertStatus(202, answer);
        assertFields(answer.fields(), "content-type", "application/json", "cache-control", "no-store");
        var document = Answers.json(answer);
        assertThat(document.keySet()).containsExactlyInAnyOrder("status", "openExchanges");
        assertThat(document.getString("status")).isEqualTo("draining");
        assertThat(document.getInt("openExchanges")).isEqualTo(open);
    }

    private static List<RawResponse> exchangeAtOnce(Container container, List<RawRequest> requests) throws IOException {
        var open = new ArrayList<RawClient>();
        try {
            for (var request : requests) {
                open.add(connect(container).send(request));
            }
            var answers = new ArrayList<RawResponse>();
            for (var client : open) {
                answers.add(client.readResponse());
            }
            return answers;
        } finally {
            close(open);
        }
    }

    private static void close(List<RawClient> open) throws IOException {
        for (var client : open) {
            client.close();
        }
    }

    private static void refused(RawResponse answer) {
        Answers.refused(answer, 401);
        assertThat(answer.fields().values("www-authenticate")).containsExactly("Bearer realm=\"warder\"");
        assertThat(answer.text()).doesNotContain(ADMIN_TOKEN, ACCESS_TOKEN);
    }
}
