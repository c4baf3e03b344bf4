package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Messages;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Script;
import dev.warder.testkit.TokenServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What requests get from a login, fresh, expired, refused and lost. */
class OAuthContract extends OAuthGroundContract {
    private static final Script UNAUTHORIZED =
            (request, reply) -> reply.json(401, Messages.error("authentication_error", "OAuth token has expired"));

    @Test
    void sendsTheTokenAsBearerWithTheBetaOnce() throws Exception {
        store("fresh", login(1, FAR));
        var container = deploy("fresh", login("fresh", ""));
        var answer = ask(container);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        line(Level.FINE, "[OAuth] Using router OAuth token for request " + id(answer));
        assertThat(line(Level.INFO, "id=" + id(answer))).contains(" credential=team/oauth ");
        for (var beta : List.of("prompt-tools", "prompt-tools," + OAUTH_BETA, OAUTH_BETA)) {
            Ground.send(container, question(container).field("anthropic-beta", beta));
        }
        var sent = ground.upstream().requests();
        assertThat(sent).hasSize(4).allMatch(each -> token(each).equals(TokenServer.foreign(1)));
        assertThat(sent.stream().flatMap(each -> each.fields().values("anthropic-beta").stream()))
                .containsExactly(OAUTH_BETA, "prompt-tools," + OAUTH_BETA, "prompt-tools," + OAUTH_BETA, OAUTH_BETA);
        assertThat(server.requests()).isEmpty();
    }

    @DisplayName("A44 expired, three requests at once: one refresh, three successes")
    @Test
    void refreshesOnceForRequestsAtTheSameTime() throws Exception {
        var answering = new CountDownLatch(1);
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
        Eventually.holds(DeployedContract.SOON, () -> ((Number) container.gateway("OpenExchanges")).longValue() == 3);
        assertThat(ground.upstream().requests()).isEmpty();
        answering.countDown();
        for (var answer : answers) {
            assertThat(answer.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
        }
        clients.shutdown();
        assertThat(server.refreshes().value()).isOne();
        assertThat(server.requests()).hasSize(1);
        assertThat(ground.upstream().requests())
                .hasSize(3)
                .allMatch(sent -> server.knows(token(sent)))
                .extracting(OAuthGroundContract::token)
                .containsOnly(token(ground.upstream().requests().get(0)));
    }

    @DisplayName("A45 the upstream says 401 once: one forced refresh, one replay")
    @Test
    void refreshesAndReplaysOnceAfter401() throws Exception {
        store("replay", login(1, FAR));
        var container = deploy("replay", login("replay", ""));
        ground.upstream().next(UNAUTHORIZED);
        var answer = ask(container);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        var sent = ground.upstream().requests();
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
        ground.upstream().next(UNAUTHORIZED).next(UNAUTHORIZED);
        var answer = ask(container);
        assertThat(Answers.refused(answer, 502, "api_error")).contains("\"team\"");
        assertThat(answer.fields().values("x-should-retry")).containsExactly("false");
        assertThat(ground.upstream().requests()).hasSize(2);
        assertThat(server.refreshes().value()).isOne();
    }

    @Test
    void tellsThatTheOnlyLoginIsLost() throws Exception {
        store("lost", login(1, PAST));
        server.next((request, reply) -> reply.json(400, "{\"error\":\"invalid_grant\"}"));
        var container = deploy("lost", login("lost", "").with("passthrough", "false"));
        for (int time = 0; time < 3; time++) {
            assertThat(Answers.refused(ask(container), 502, "api_error")).contains("\"team\"");
        }
        assertThat(server.requests()).hasSize(1);
        assertThat(ground.upstream().requests()).isEmpty();
        var ready = get(container, "/health/ready");
        assertThat(ready.status()).isEqualTo(503);
        assertThat(ready.text()).contains("credential-1").doesNotContain("team", "invalid_grant");
        assertThat(known(container, "/health/ready").text()).contains("credential-team", "invalid_grant");
        assertThat(get(container, "/health/live").status()).isEqualTo(200);
        assertThat(lines(Level.SEVERE)).singleElement().satisfies(text -> assertThat(text)
                .contains("team", "invalid_grant", "auth login team"));
    }

    @Test
    void usesTheNextCredentialForALoginThatIsLost() throws Exception {
        store("spared", login(1, PAST));
        server.next((request, reply) -> reply.json(400, "{\"error\":\"invalid_grant\"}"));
        var container = deploy("spared", login("spared", "; spare=jndi:warder/secret.spare"));
        for (int time = 0; time < 2; time++) {
            var answer = ask(container);
            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            assertThat(ground.upstream().take().fields().values("x-api-key")).containsExactly(Contract.MANAGED_KEY);
        }
        assertThat(server.requests()).hasSize(1);
        var ready = known(container, "/health/ready");
        assertThat(ready.status()).isEqualTo(200);
        assertThat(ready.text()).contains("team", "invalid_grant");
    }
}
