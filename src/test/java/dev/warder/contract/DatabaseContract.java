package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.FreePort;
import dev.warder.testkit.RawResponse;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import org.h2.tools.Server;
import org.junit.jupiter.api.Test;

/** The operator's database, which is asked whether it is there. */
class DatabaseContract extends GroundContract {
    /** Two rounds of questions, 5 s apart, and what a busy machine needs. */
    private static final Duration NOTICED = Duration.ofSeconds(20);

    @Test
    void isReadyWhileTheDatabaseThatKeepsTheOnlyLoginAnswers() throws Exception {
        var database = database(FreePort.next());
        int port = database.getPort();
        String url = "jdbc:h2:tcp://127.0.0.1:" + port + "/mem:warder";
        try {
            var container = ground.container("bound", onlyLogin(url).with("passthrough", "false"));
            awaitCheck(container, "UP");
            database.stop();
            awaitCheck(container, "DOWN");
            assertStatus(503, ready(container));
            assertSaysWhy(container, url);
            database = database(port);
            awaitCheck(container, "UP");
            container.stop();
        } finally {
            database.stop();
        }
    }

    /** Callers with a credential of their own are served all the same, and so are those of a managed key. */
    @Test
    void staysReadyWithoutADatabaseThatItDoesNotNeed() throws Exception {
        var database = database(FreePort.next());
        database.stop();
        String url = "jdbc:h2:tcp://127.0.0.1:" + database.getPort() + "/mem:warder";
        var deployments = Map.of(
                "away",
                ground.usual().withDatabase(url),
                "own",
                onlyLogin(url),
                "spare",
                onlyLogin(url)
                        .with("upstream.credentials", "team=oauth; spare=jndi:warder/secret.spare")
                        .withJndi("warder/secret.spare", MANAGED_KEY)
                        .with("passthrough", "false"));
        for (var deployment : deployments.entrySet()) {
            var container = deployed(deployment.getKey(), deployment.getValue());
            assertThat(check(ready(container)).orElseThrow().getString("status"))
                    .isEqualTo("UP");
            assertStatus(200, ready(container));
            assertSaysWhy(container, url);
            container.stop();
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("warder-database-"));
    }

    @Test
    void saysNothingOfADatabaseThatIsNotBound() throws Exception {
        assertThat(check(assertStatus(200, ready(ground.container())))).isEmpty();
    }

    @Test
    void refusesToStartWithSomethingElseInItsPlace() throws Exception {
        var container = ground.container("mistaken", ground.usual().withJndi("jdbc/warder", "jdbc:planted"));
        assertThat(container.deployed()).isFalse();
        assertThat(texts("dev.warder", Level.SEVERE))
                .anyMatch(text -> text.startsWith("Configuration: jdbc/warder: ") && !text.contains("planted"));
    }

    private Deployment onlyLogin(String url) {
        return ground.guarded()
                .with("upstream.credentials", "team=oauth")
                .with("oauth.clientId", "warder-test")
                .with("oauth.tokenUrl", upstream.uri() + "/token")
                .with("oauth.store", "jdbc")
                .withDatabase(url);
    }

    /** To a caller with an access token only. */
    private static void assertSaysWhy(Container container, String url) throws IOException {
        assertThat(check(ready(container)).orElseThrow()).doesNotContainKey("data");
        var known = send(container, authenticated(container, "GET", "/health/ready"));
        assertThat(check(known).orElseThrow().getJsonObject("data").getString("reason"))
                .startsWith("jdbc/warder ");
        assertThat(known.text()).doesNotContain(url, "h2", "127.0.0.1");
        ok(container, request(container, "GET", "/health/live"));
    }

    private static void awaitCheck(Container container, String status) throws Exception {
        Eventually.holds(
                NOTICED,
                () -> check(ready(container)).orElseThrow().getString("status").equals(status));
    }

    private static RawResponse ready(Container container) throws IOException {
        return send(container, request(container, "GET", "/health/ready"));
    }

    private static Optional<JsonObject> check(RawResponse answer) {
        return Answers.json(answer).getJsonArray("checks").stream()
                .map(each -> each.asJsonObject())
                .filter(each -> each.getString("name").equals("database"))
                .findFirst();
    }

    private static Server database(int port) throws SQLException {
        return Server.createTcpServer("-tcpPort", Integer.toString(port), "-ifNotExists", "-tcpDaemon")
                .start();
    }
}
