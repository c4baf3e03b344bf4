package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.BoundDatabase;
import dev.warder.testkit.Container;
import dev.warder.testkit.JettyContainer;
import dev.warder.testkit.Postgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Twenty agents that spend a budget of 5 dollars, which is about 70 of their requests, at ten times the usual speed. All of it
 * can be used, and nothing more, also where the nodes share it by a database.
 */
@Tag("alone")
class BudgetAgentsIT extends PolicyGround {
    private static final long CAP = 5_000_000_000L;
    private static final int AGENTS = 20;
    private static final int CLIENTS_OF_TEAM = 4;

    /** A run goes on for a while after it has used most, since it must not use too much. */
    private static final double USED = 0.97;

    private static final Duration MORE = Duration.ofSeconds(3);

    /** On a slow machine too. */
    private static final Duration LONGEST = Duration.ofSeconds(90);

    private static final Duration PAUSE = Duration.ofMillis(50);

    private static final boolean LONG = Boolean.getBoolean("warder.long");

    /** The mean of five runs is what counts. Of one run each, it would exceed 3 by chance now and then. */
    private static final int RUNS = LONG ? 5 : 1;

    private static final double MOST_CUTS = LONG ? 3 : 6;

    /** What is left at the end is less than the next request needs, which is chance too. */
    private static final double LEAST_USED = LONG ? USED : 0.95;

    private final List<Double> used = new CopyOnWriteArrayList<>();

    private final List<Integer> cuts = new CopyOnWriteArrayList<>();

    @RegisterExtension
    private final Postgres postgres = new Postgres();

    private Path war = Path.of("");

    /** How a run went: what was used, and after what time nine tenths were. */
    private record Run(Duration ninetyPercent, Duration whole) {}

    BudgetAgentsIT() {
        super(JettyContainer::start);
    }

    @BeforeAll
    final void changeWar(@TempDir Path folder) throws Exception {
        war = ChangedWar.withListener(folder, FasterModels.class);
        for (int i = 0; i < CLIENTS_OF_TEAM; i++) {
            addToken("agent" + i);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, PostgreSQL, 1", "2, PostgreSQL, 2", "2, H2, 3"})
    void agentsUseNearlyAllAndNothingMore(int nodes, String kind, long seed) throws Exception {
        for (int i = 0; i < RUNS; i++) {
            spend(nodes, kind, seed + 10L * i);
        }
    }

    private void spend(int nodes, String kind, long seed) throws Exception {
        String database = kind.equals("H2")
                ? "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1"
                : postgres.anotherAddress();
        var containers = deploy(nodes, database, "agents" + seed);
        try (var connection = BoundDatabase.of(database).getConnection()) {
            var model = new PacedModel(seed);
            ground.upstream().keepBodies(0).script(model);
            Run run;
            Agents agents = new Agents(containers, tokens(), seed);
            try (agents) {
                run = run(connection);
            }
            Eventually.holds(PATIENCE, () -> isStored(connection, model.requests()));
            long spent = number(connection, "SELECT SUM(spent) FROM warder_budget_period");
            System.out.printf(
                    "%d nodes, %s: used %.2f %%, billed %.2f %%; %d answered, %d refused, %d waited too long, %d cut;"
                            + " 90 %% after %d ms, all after %d ms%n",
                    nodes,
                    kind,
                    100.0 * spent / CAP,
                    100.0 * model.billed() / CAP,
                    agents.answered(),
                    agents.refused(),
                    agents.late(),
                    agents.cut(),
                    run.ninetyPercent().toMillis(),
                    run.whole().toMillis());
            containers.forEach(Container::close);

            assertThat(agents.unexpected()).isEmpty();
            assertThat(model.billed()).as("what the upstream bills").isLessThanOrEqualTo(CAP);
            assertThat(number(connection, "SELECT SUM(cost_nanos) FROM warder_ledger WHERE billed"))
                    .isEqualTo(spent)
                    .isBetween((long) (0.9 * CAP), CAP);
            cuts.add(agents.cut());
            used.add((double) spent / CAP);
            nothingIsLeft(connection);
        } finally {
            containers.forEach(Container::close);
        }
    }

    /** How many a single run cuts is chance. */
    @AfterAll
    final void fewStreamsAreCutAndNearlyAllIsUsed() {
        assertThat(cuts.stream().mapToInt(each -> each).average().orElseThrow())
                .as("streams that a run cuts in the mean: %s", cuts)
                .isLessThanOrEqualTo(MOST_CUTS);
        assertThat(used.stream().mapToDouble(each -> each).average().orElseThrow())
                .as("what a run uses in the mean: %s", used)
                .isGreaterThanOrEqualTo(LEAST_USED);
    }

    private List<Container> deploy(int nodes, String database, String name) throws Exception {
        var clients = new StringBuilder();
        for (int i = 0; i < CLIENTS_OF_TEAM; i++) {
            clients.append(i == 0 ? "" : ", ")
                    .append("{\"name\": \"agent" + i + "\", \"kind\": \"service\", \"teams\": [\"red\"]}");
        }
        write(
                name,
                policy(
                        1,
                        "\"teams\": [{\"name\": \"red\", \"budgets\": [{\"amount\": \"5\", \"period\": \"lifetime\"}]}],"
                                + "\"clients\": [" + clients + "]"));
        var containers = new ArrayList<Container>();
        for (int i = 0; i < nodes; i++) {
            var container = ground.container(
                    name + "-" + i,
                    governed(name)
                            .ofWar(war)
                            .with("budget.default", "unlimited")
                            .with("budget.wait", "6s")
                            .with("data.dir", path(name + "-node" + i))
                            .with("metrics.open", "true")
                            // Budgets are looked at four times in the shortest of all times.
                            .with("stream.keepAlive", "80ms")
                            .withDatabase(database));
            assertThat(container.deployed()).isTrue();
            awaitReady(container);
            containers.add(container);
        }
        return containers;
    }

    private List<String> tokens() {
        var tokens = new ArrayList<String>();
        for (int i = 0; i < AGENTS; i++) {
            // Each node serves each client.
            tokens.add(secret("agent" + i / 2 % CLIENTS_OF_TEAM));
        }
        return tokens;
    }

    /** Waits for the end of a run. */
    private static Run run(Connection connection) throws Exception {
        long began = System.nanoTime();
        long ninety = 0;
        long most = 0;
        long now = began;
        while (now - began < LONGEST.toNanos() && (most == 0 || now - most < MORE.toNanos())) {
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            now = System.nanoTime();
            long spent = number(connection, "SELECT SUM(spent) FROM warder_budget_period");
            ninety = ninety == 0 && spent >= 0.9 * CAP ? now : ninety;
            most = most == 0 && spent >= USED * CAP ? now : most;
        }
        return new Run(Duration.ofNanos(Math.max(0, ninety - began)), Duration.ofNanos(now - began));
    }

    private static boolean isStored(Connection connection, long requests) throws SQLException {
        return number(connection, "SELECT COUNT(*) FROM warder_ledger WHERE billed") == requests
                && number(connection, "SELECT COUNT(*) FROM warder_budget_check WHERE spent_differs <> 0") == 0;
    }

    private static void nothingIsLeft(Connection connection) throws SQLException {
        assertThat(number(
                        connection,
                        "SELECT COUNT(*) FROM warder_budget_check WHERE leased_differs <> 0 OR unknown_differs <> 0"
                                + " OR spent_differs <> 0 OR out_of_cap > 0"))
                .as("periods whose numbers do not fit together")
                .isZero();
        assertThat(number(connection, "SELECT SUM(overage + leased + held_unknown) FROM warder_budget_period"))
                .isZero();
        assertThat(number(connection, "SELECT SUM(granted - drawn) + SUM(wanted) FROM warder_lease"))
                .isZero();
    }

    private static long number(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
