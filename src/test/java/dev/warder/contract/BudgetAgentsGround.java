package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.BoundDatabase;
import dev.warder.testkit.Container;
import dev.warder.testkit.Postgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Ground of tests in which agents of some clients spend the budget of a team together, at ten times the usual speed. */
abstract class BudgetAgentsGround extends PolicyGround {
    private static final int CLIENTS_OF_TEAM = 4;

    private static final Duration MORE = Duration.ofSeconds(3);

    private static final Duration PAUSE = Duration.ofMillis(50);

    @RegisterExtension
    private final Postgres postgres = new Postgres();

    private Path war = Path.of("");

    /**
     * Who spends what.
     *
     * @param kind of the database that the nodes share
     * @param dollars what the team may spend
     * @param most the share of the budget after which a run goes on for a short time only
     * @param longest a limit, on a slow machine too
     */
    record Setup(int nodes, String kind, int agents, long dollars, double most, Duration longest, long seed) {
        long cap() {
            return dollars * 1_000_000_000;
        }

        String name() {
            return "agents" + seed;
        }
    }

    /**
     * How a run went.
     *
     * @param used the share of the budget
     * @param ninetyPercent after what time nine tenths of the budget were spent; zero if they were not
     */
    record Run(double used, int cuts, Duration ninetyPercent) {}

    private record Times(Duration ninetyPercent, Duration whole) {}

    @BeforeAll
    final void changeWar() throws Exception {
        war = ChangedWar.withListener(FasterModels.class);
        // It would show each byte of prompts that are hundreds of kilobytes long.
        log.level("org.apache.hc.client5.http.wire", Level.OFF);
        for (int i = 0; i < CLIENTS_OF_TEAM; i++) {
            addToken("agent" + i);
        }
    }

    /** Spends the budget, and checks the numbers of the database. */
    final Run spend(Setup setup) throws Exception {
        String database = database(setup);
        var containers = deploy(
                setup,
                database,
                ", \"budgets\": [{\"amount\": \"" + setup.dollars() + "\", \"period\": \"lifetime\"}]");
        try (var connection = BoundDatabase.of(database).getConnection()) {
            var model = model(setup);
            Times times;
            Agents agents = new Agents(containers, tokens(setup), setup.seed());
            try (agents) {
                times = run(setup, connection);
            }
            eventually(() -> isStored(connection, model.requests()));
            containers.forEach(Container::close);
            long spent = number(connection, "SELECT SUM(spent) FROM warder_budget_period");
            System.out.printf(
                    "%d nodes, %s, %d agents: used %.2f %%, billed %.2f %%; %d answered, %d refused, %d waited too long,"
                            + " %d cut; 90 %% after %d ms, all after %d ms%n",
                    setup.nodes(),
                    setup.kind(),
                    setup.agents(),
                    100.0 * spent / setup.cap(),
                    100.0 * model.billed() / setup.cap(),
                    agents.answered(),
                    agents.refused(),
                    agents.late(),
                    agents.cut(),
                    times.ninetyPercent().toMillis(),
                    times.whole().toMillis());

            assertThat(agents.unexpected()).isEmpty();
            assertThat(model.billed()).as("what the upstream bills").isLessThanOrEqualTo(setup.cap());
            assertThat(number(connection, "SELECT SUM(cost_nanos) FROM warder_ledger WHERE billed"))
                    .isEqualTo(spent)
                    .isBetween((long) (Math.min(0.9, setup.most()) * setup.cap()), setup.cap());
            nothingIsLeft(connection);
            return new Run((double) spent / setup.cap(), agents.cut(), times.ninetyPercent());
        } finally {
            containers.forEach(Container::close);
        }
    }

    /** Without a budget: after what time nine tenths of the amount are billed. */
    final Duration spendUnlimited(Setup setup) throws Exception {
        var containers = deploy(setup, database(setup), "");
        try {
            var model = model(setup);
            Agents agents = new Agents(containers, tokens(setup), setup.seed());
            Duration ninetyPercent;
            try (agents) {
                long began = System.nanoTime();
                Eventually.holds(setup.longest(), () -> model.billed() >= 0.9 * setup.cap());
                ninetyPercent = Duration.ofNanos(System.nanoTime() - began);
            }
            assertThat(agents.unexpected()).isEmpty();
            return ninetyPercent;
        } finally {
            containers.forEach(Container::close);
        }
    }

    private String database(Setup setup) throws SQLException {
        return setup.kind().equals("H2")
                ? "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1"
                : postgres.anotherAddress();
    }

    private PacedModel model(Setup setup) {
        var model = new PacedModel(setup.seed());
        upstream.keepBodies(0).script(model);
        return model;
    }

    /** @param budgets a further member of the team */
    private List<Container> deploy(Setup setup, String database, String budgets) throws Exception {
        String name = setup.name() + (budgets.isEmpty() ? "-unlimited" : "");
        var clients = new StringBuilder();
        for (int i = 0; i < CLIENTS_OF_TEAM; i++) {
            clients.append(i == 0 ? "" : ", ")
                    .append("{\"name\": \"agent" + i + "\", \"kind\": \"service\", \"teams\": [\"red\"]}");
        }
        write(name, policy(1, "\"teams\": [{\"name\": \"red\"" + budgets + "}], \"clients\": [" + clients + "]"));
        var containers = new ArrayList<Container>();
        for (int i = 0; i < setup.nodes(); i++) {
            var container = deployed(
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
            awaitReady(container);
            containers.add(container);
        }
        return containers;
    }

    private List<String> tokens(Setup setup) {
        var tokens = new ArrayList<String>();
        for (int i = 0; i < setup.agents(); i++) {
            // Each node serves each client.
            tokens.add(secret("agent" + i / setup.nodes() % CLIENTS_OF_TEAM));
        }
        return tokens;
    }

    /** Waits for the end of a run. */
    private static Times run(Setup setup, Connection connection) throws Exception {
        long began = System.nanoTime();
        long ninety = 0;
        long most = 0;
        long now = began;
        while (now - began < setup.longest().toNanos() && (most == 0 || now - most < MORE.toNanos())) {
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            now = System.nanoTime();
            long spent = number(connection, "SELECT SUM(spent) FROM warder_budget_period");
            ninety = ninety == 0 && spent >= 0.9 * setup.cap() ? now : ninety;
            most = most == 0 && spent >= setup.most() * setup.cap() ? now : most;
        }
        return new Times(Duration.ofNanos(Math.max(0, ninety - began)), Duration.ofNanos(now - began));
    }

    /** One that was cut while it was sent has a cost too, though the model may not have seen it. */
    private static boolean isStored(Connection connection, long requests) throws SQLException {
        return number(connection, "SELECT COUNT(*) FROM warder_ledger WHERE billed AND cost_nanos > 0") >= requests
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
