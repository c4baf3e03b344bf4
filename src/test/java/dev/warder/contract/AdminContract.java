package dev.warder.contract;

import static dev.warder.contract.Contract.ACCESS_TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What administrators do over HTTP, and that nobody else does it. */
abstract class AdminContract extends GroundContract {
    private static final String ADMIN_TOKEN = "admin-" + "operator".repeat(4);
    private static final String STREAMING = DeployedContract.STREAMING;

    AdminContract(Container.Starter starter) {
        super(starter);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/admin", "/admin/drain", "/admin/login"})
    void isNotThereWithoutItsSetting(String path) throws Exception {
        for (var setup : List.of(Setup.TOKEN_KEY, Setup.UNSET)) {
            var container = setup.on(ground);
            for (var method : List.of("GET", "POST")) {
                var plain = Ground.request(container, method, path);
                Answers.refused(Ground.send(container, plain), 404, "not_found_error");
                var known = Ground.request(container, method, path).field("x-api-key", ACCESS_TOKEN);
                Answers.refused(Ground.send(container, known), 404, "not_found_error");
                var bearer = Ground.request(container, method, path).field("Authorization", "Bearer " + ADMIN_TOKEN);
                Answers.refused(Ground.send(container, bearer), 404, "not_found_error");
            }
            assertThat(container.gateway("Draining")).isEqualTo(false);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "X-Nothing,      ''",
        "Authorization,  'Bearer '",
        "Authorization,  Bearer wrong",
        "Authorization,  Bearer {access}",
        "Authorization,  Basic {admin}",
        "Authorization,  {admin}",
        "Authorization,  Bearer {admin}x",
        "x-api-key,      {admin}",
        "x-api-key,      {access}",
        "X-Warder-Token, {admin}",
        "X-Warder-Token, {access}",
        "Cookie,         token={admin}"
    })
    void demandsItsOwnTokenAsABearerToken(String name, String value) throws Exception {
        var container = guarded();
        var field = value.replace("{admin}", ADMIN_TOKEN).replace("{access}", ACCESS_TOKEN);
        for (var path : List.of("/admin/drain", "/admin", "/admin/other")) {
            for (var method : List.of("POST", "GET", "OPTIONS")) {
                refused(container, Ground.request(container, method, path).field(name, field));
            }
        }
        refused(
                container,
                Ground.request(container, "POST", "/admin/drain")
                        .field("Authorization", "Bearer " + ADMIN_TOKEN)
                        .field("Authorization", "Bearer " + ACCESS_TOKEN));
        assertThat(container.gateway("Draining")).isEqualTo(false);
    }

    @Test
    void knowsNoOtherPathAndNoOtherMethod() throws Exception {
        var container = guarded();
        for (var path : List.of("/admin", "/admin/", "/admin/drain/x", "/admin/credentials/none/login")) {
            Answers.refused(ask(container, "POST", path), 404, "not_found_error");
        }
        for (var method : List.of("GET", "PUT", "DELETE", "OPTIONS")) {
            var answer = ask(container, method, "/admin/drain");
            Answers.refused(answer, 405, "invalid_request_error");
            assertThat(answer.fields().values("allow")).containsExactly("POST");
        }
        assertThat(container.gateway("Draining")).isEqualTo(false);
        assertThat(ground.upstream().requests()).isEmpty();
    }

    @Test
    void isNoWayIntoTheGateway() throws Exception {
        var container = guarded();
        var request = Ground.request(container, "GET", "/v1/models").field("x-api-key", ADMIN_TOKEN);
        Answers.refused(Ground.send(container, request), 401, "authentication_error");
        assertThat(ground.upstream().requests()).isEmpty();
    }

    @Test
    void drainsWhenAnAdministratorSaysSo() throws Exception {
        var container = ground.container("drained", withToken(ground.usual()));
        var goesOn = new CountDownLatch(1);
        ground.upstream().next((request, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.ping());
            reply.await(goesOn);
            reply.chunk(Messages.end());
            reply.lastChunk();
        });
        try (var open = RawClient.connect(container.baseUri())) {
            var head = open.send(message(container)).readHead();
            assertThat(open.readEvent().orElseThrow().name()).isEqualTo("ping");
            accepted(ask(container, "POST", "/admin/drain"), 1);
            var ready = Ground.send(container, Ground.request(container, "GET", "/health/ready"));
            assertThat(ready.status()).isEqualTo(503);
            assertThat(ready.text()).contains("\"data\":{\"reason\":\"draining\",\"openExchanges\":1}");
            var refused = Ground.send(container, message(container));
            Answers.refused(refused, 503, "overloaded_error");
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
        return ground.container("guarded", withToken(ground.usual()));
    }

    private Deployment withToken(Deployment deployment) {
        ground.log().plant(ADMIN_TOKEN);
        return deployment.with("admin.token", "jndi:warder/secret.admin").withJndi("warder/secret.admin", ADMIN_TOKEN);
    }

    private static RawRequest message(Container container) {
        return Ground.request(container, "POST", "/v1/messages")
                .field("x-api-key", ACCESS_TOKEN)
                .json(STREAMING);
    }

    private static RawResponse ask(Container container, String method, String path) throws IOException {
        var request = Ground.request(container, method, path).field("Authorization", "bearer  " + ADMIN_TOKEN);
        return Ground.send(container, request);
    }

    private static void accepted(RawResponse answer, int open) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
        assertThat(answer.fields().values("content-type")).containsExactly("application/json");
        assertThat(answer.fields().values("cache-control")).containsExactly("no-store");
        var document = Answers.json(answer);
        assertThat(document.keySet()).containsExactlyInAnyOrder("status", "openExchanges");
        assertThat(document.getString("status")).isEqualTo("draining");
        assertThat(document.getInt("openExchanges")).isEqualTo(open);
    }

    private static void refused(Container container, RawRequest request) throws IOException {
        var answer = Ground.send(container, request);
        Answers.refused(answer, 401, "authentication_error");
        assertThat(answer.fields().values("www-authenticate")).containsExactly("Bearer realm=\"warder\"");
        assertThat(answer.text()).doesNotContain(ADMIN_TOKEN, ACCESS_TOKEN);
    }
}
