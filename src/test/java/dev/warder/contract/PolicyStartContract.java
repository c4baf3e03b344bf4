package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.LogLine;
import dev.warder.testkit.RawRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.logging.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With which {@code policy.file} the WAR does not start, and what a start logs and remembers. */
class PolicyStartContract extends PolicyGround {
    private static final String ENFORCE = "\"organization\": {\"budgets\": [{\"amount\": \"5\", \"period\": \"day\"}]}";
    private static final String WARN = ENFORCE.replace("\"day\"", "\"day\", \"mode\": \"warn\"");

    private int deployments;

    @BeforeEach
    final void clearLog() {
        log.clear();
    }

    @Test
    void namesEveryProblemByItsPlace() throws Exception {
        write(
                "bad",
                "{\"version\": \"1\", \"clients\": [{\"name\": \"ada\", \"kind\": \"person\"},"
                        + " {\"name\": \"Ada\", \"kind\": \"elf\", \"teams\": [\"blue\"]}, {\"kind\": \"person\"}]}");
        assertThat(problems(governed("bad")))
                .singleElement()
                .asString()
                .startsWith("policy.file: file: version: ")
                .contains(
                        "client 2 (Ada): kind: ",
                        "client 2 (Ada): teams: item 1: is not the name of a team",
                        "client 2 (Ada): name: is that of client 1 (ada)",
                        "client 3: name: is missing")
                .doesNotContain("elf", path(""));
        assertThat(problems(governed("none")))
                .singleElement()
                .asString()
                .startsWith("policy.file: file: does not exist");
    }

    @Test
    void refusesAFileTogetherWithThePolicyOfTheDatabase() throws Exception {
        write("both", policy(1, CLIENTS));
        assertThat(problems(governed("both")
                        .withDatabase("jdbc:h2:mem:" + UUID.randomUUID())
                        .with("policy.database", "true")))
                .singleElement()
                .asString()
                .startsWith("policy.database: must not be true together with policy.file. ")
                .contains("import the file", "then remove policy.file");
    }

    /** What was spent is kept in the database: without one, a budget would silently limit nothing. */
    @Test
    void refusesBudgetsThatCannotBeEnforced() throws Exception {
        write("kept", policy(1, ENFORCE));
        assertThat(problems(governed("kept")))
                .singleElement()
                .asString()
                .startsWith("policy.file: ")
                .contains("need a database: bind jdbc/warder");
        assertThat(deploy(governed("kept").withDatabase("jdbc:h2:mem:" + UUID.randomUUID()))
                        .deployed())
                .isTrue();
    }

    @Test
    void startsWithBudgetsInOtherModesAndWarnsThatTheyHaveNoEffect() throws Exception {
        write("warned", policy(1, WARN + ", " + CLIENTS));
        var container = deploy(governed("warned"));
        assertThat(container.deployed()).isTrue();
        assertThat(status(container)).isEqualTo(200);
        assertThat(texts("dev.warder.EnforcingBudgets", Level.WARNING))
                .singleElement()
                .asString()
                .startsWith("policy.file: 1 budgets of version 1 have no effect");
    }

    @Test
    void startsWithTheSample() throws Exception {
        var sample = Path.of(System.getProperty("warder.conf", "conf"), "policy.json");
        var container = deploy(
                governed("none").with("policy.file", sample.toAbsolutePath().toString()));
        assertThat(container.deployed()).isTrue();
        assertThat(forbidden(send(
                        container,
                        request(container, "laptop", "POST", MESSAGES).json(body("claude-x")))))
                .contains(" named laptop ");
    }

    @Test
    void admitsCallersWithoutATokenOnlyWhereAClientListsThem() throws Exception {
        String client = "\"clients\": [{\"name\": \"everybody\", \"kind\": \"service\", \"token_names\": [%s]}]";
        write("closed", policy(1, client.formatted("")));
        var refused = send(deploy(open("closed")), anyone());
        assertThat(forbidden(refused))
                .isEqualTo("This gateway's policy has no client for callers without an access token. Ask the operator"
                        + " of the gateway.");
        assertThat(line(refused)).contains(" client=- ", " status=403 ");
        assertThat(texts("dev.warder.auth", Level.WARNING))
                .contains("policy.file: access tokens that belong to no client and get 403 (1): open");
        write("opened", policy(1, client.formatted("\"open\"")));
        assertThat(line(ok(deploy(open("opened")), anyone()))).contains(" client=everybody ");
    }

    /** Each node reads its own copy of the file. */
    @Test
    void admitsNoNewRequestWhereTheCopyOfAnotherNodeIsNewer() throws Exception {
        String database = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
        write("one", policy(7, CLIENTS));
        write("two", policy(7, CLIENTS));
        var one = deploy(governed("one").withDatabase(database));
        var two = deploy(governed("two").withDatabase(database));
        awaitReady(one);
        awaitReady(two);
        assertThat(status(one)).isEqualTo(200);
        assertThat(status(two)).isEqualTo(200);
        write("one", policy(8, CLIENTS));
        eventually(() -> status(two) == 503);
        assertThat(status(one)).isEqualTo(200);
        assertThat(texts("dev.warder.policy", Level.WARNING))
                .anyMatch(text -> text.startsWith("policy.file: version 7 is older than version 8, "));
        assertText(503, send(two, request(two, "laptop", "GET", "/health/ready")))
                .contains("policy.file has version 7, and version 8 was used before");
        write("two", policy(8, CLIENTS));
        eventually(() -> status(two) == 200);
    }

    @Test
    void admitsNoNewRequestWhereTheCopyOfAnotherNodeDiffersInTheSameVersion() throws Exception {
        String database = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
        write("one", policy(7, CLIENTS));
        write("two", policy(7, CLIENTS + ", \"tags\": []"));
        var one = deploy(governed("one").withDatabase(database));
        awaitReady(one);
        var two = deploy(governed("two").withDatabase(database));
        assertThat(status(two)).as("from the first request on").isEqualTo(503);
        eventually(() -> health(two).contains("with other contents"));
        assertThat(status(two)).isEqualTo(503);
        assertThat(status(one)).isEqualTo(200);
        assertThat(texts("dev.warder.policy", Level.SEVERE))
                .singleElement()
                .asString()
                .startsWith("policy.file: this file with version 7 has the SHA-256 ");
        assertText(503, send(two, request(two, "laptop", "GET", "/health/ready")))
                .contains("version 7 of policy.file was used before with other contents");
        write("one", policy(8, CLIENTS));
        write("two", policy(8, CLIENTS));
        eventually(() -> status(two) == 200);
        assertThat(status(one)).isEqualTo(200);
    }

    private String health(Container container) throws Exception {
        return send(container, request(container, "laptop", "GET", "/health/ready"))
                .text();
    }

    private int status(Container container) throws Exception {
        return send(container, request(container, "laptop", "POST", MESSAGES).json(body("claude-x")))
                .status();
    }

    private Deployment open(String file) {
        return Deployment.builtWar()
                .with("upstream.url", upstream.uri().toString())
                .with("upstream.credentials", "one=jndi:warder/secret.one")
                .withJndi("warder/secret.one", MANAGED_KEY)
                .with("clients.open", "true")
                .with("policy.file", path(file));
    }

    private RawRequest anyone() {
        return RawRequest.bare("POST", "/started-" + deployments + MESSAGES)
                .field("Host", "localhost")
                .json(body("claude-x"));
    }

    private List<String> problems(Deployment deployment) throws Exception {
        log.clear();
        assertThat(deploy(deployment).deployed()).isFalse();
        return log.lines("dev.warder", Level.SEVERE).stream()
                .map(LogLine::text)
                .filter(text -> text.startsWith("Configuration: "))
                .map(text -> text.substring("Configuration: ".length()))
                .toList();
    }

    private Container deploy(Deployment deployment) throws Exception {
        return ground.container("started-" + ++deployments, deployment);
    }
}
