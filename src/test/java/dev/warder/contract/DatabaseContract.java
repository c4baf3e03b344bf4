package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.LogLine;
import dev.warder.testkit.RawResponse;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.Level;
import org.h2.tools.Server;
import org.junit.jupiter.api.Test;

/** The operator's database, which is asked whether it is there. */
abstract class DatabaseContract extends GroundContract {
    /** Two rounds of questions, 5 s apart, and what a busy machine needs. */
    private static final Duration NOTICED = Duration.ofSeconds(20);

    DatabaseContract(Container.Starter starter) {
        super(starter);
    }

    @Test
    void isReadyWhileTheDatabaseAnswers() throws Exception {
        var database = database(0);
        int port = database.getPort();
        String url = "jdbc:h2:tcp://127.0.0.1:" + port + "/mem:warder";
        try {
            var container = ground.container("bound", ground.usual().withDatabase(url));
            awaitStatus(container, 200);
            assertThat(check(ready(container)).orElseThrow().getString("status"))
                    .isEqualTo("UP");
            database.stop();
            awaitStatus(container, 503);
            assertDown(container, url);
            database = database(port);
            awaitStatus(container, 200);
            container.stop();
        } finally {
            database.stop();
        }
    }

    @Test
    void startsWithoutItsDatabaseAndStops() throws Exception {
        var database = database(0);
        database.stop();
        String url = "jdbc:h2:tcp://127.0.0.1:" + database.getPort() + "/mem:warder";
        var container = ground.container("away", ground.usual().withDatabase(url));
        assertThat(container.deployed()).isTrue();
        assertDown(container, url);
        container.stop();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("warder-database-"));
    }

    @Test
    void saysNothingOfADatabaseThatIsNotBound() throws Exception {
        var answer = ready(ground.container());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(check(answer)).isEmpty();
    }

    @Test
    void refusesToStartWithSomethingElseInItsPlace() throws Exception {
        var container = ground.container("mistaken", ground.usual().withJndi("jdbc/warder", "jdbc:planted"));
        assertThat(container.deployed()).isFalse();
        assertThat(ground.log().lines("dev.warder", Level.SEVERE))
                .extracting(LogLine::text)
                .anyMatch(text -> text.startsWith("Configuration: jdbc/warder: ") && !text.contains("planted"));
    }

    private static void assertDown(Container container, String url) throws IOException {
        var answer = ready(container);
        assertThat(answer.status()).isEqualTo(503);
        var down = check(answer).orElseThrow();
        assertThat(down.getString("status")).isEqualTo("DOWN");
        assertThat(down.getJsonObject("data").getString("reason")).startsWith("jdbc/warder ");
        assertThat(answer.text()).doesNotContain(url, "h2", "127.0.0.1");
        var live = Ground.send(container, Ground.request(container, "GET", "/health/live"));
        assertThat(live.status()).isEqualTo(200);
    }

    private static void awaitStatus(Container container, int status) throws Exception {
        Eventually.holds(NOTICED, () -> ready(container).status() == status);
    }

    private static RawResponse ready(Container container) throws IOException {
        return Ground.send(container, Ground.request(container, "GET", "/health/ready"));
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
