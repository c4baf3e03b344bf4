package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.auth.AccessToken;
import dev.warder.contract.Eventually;
import dev.warder.testkit.BoundDatabase;
import dev.warder.testkit.Postgres;
import dev.warder.testkit.ScriptedUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes that share a budget by a PostgreSQL, and are killed while they work: three times one of them, and then both. What
 * requests have cost is neither lost nor counted twice, and the budget is not exceeded. In the long form there are 100,000
 * requests, 20 kills of one node and 5 of both, the amount is changed while they work, and a clock goes wrong.
 */
@Tag("alone")
@Timeout(7200)
class BudgetKillIT {
    private static final boolean LONG = Boolean.getBoolean("warder.long");
    private static final int REQUESTS = Integer.getInteger("warder.budgetKills.requests", LONG ? 100_000 : 5000);
    private static final int SINGLE_KILLS = Integer.getInteger("warder.budgetKills.kills", LONG ? 20 : 3);
    private static final int COMMON_KILLS = Integer.getInteger("warder.budgetKills.common", LONG ? 5 : 1);
    private static final int KILLS = SINGLE_KILLS + COMMON_KILLS;

    /** One part of the requests. */
    private static final Duration PATIENCE = Duration.ofSeconds(LONG ? 300 : 60);

    /** Dollars. */
    private static final long CAP = LONG ? 20 : 1;

    private static final long CAP_NANOS = CAP * 1_000_000_000;

    /** Less than is spent after the first part. */
    private static final String TOO_LITTLE = "0.000001";

    /** Policies are looked at every 2 s. */
    private static final Duration SOON = Duration.ofSeconds(60);

    @RegisterExtension
    private final Postgres postgres = new Postgres();

    private final AccessToken token = AccessToken.generate(new SecureRandom());
    private final BudgetClients clients = new BudgetClients(token);
    private final Path folder;

    /** What happens while the nodes work. */
    @FunctionalInterface
    private interface Story {
        void happen(BudgetNodes nodes, Connection connection) throws Exception;
    }

    BudgetKillIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void losesAndDoublesNothingOverKills() throws Exception {
        run(false, (nodes, connection) -> kill(nodes));
    }

    /** What is spent exceeds the lower amount for a while. */
    @Test
    @EnabledIfSystemProperty(named = "warder.long", matches = "true")
    void losesAndDoublesNothingWhileTheAmountChanges() throws Exception {
        run(false, (nodes, connection) -> {
            for (int i = 1; i <= KILLS; i++) {
                awaitRequests(i * REQUESTS / (KILLS + 1));
                nodes.changeAmount(i % 2 == 0 ? Long.toString(CAP / 2) : TOO_LITTLE);
                Eventually.holds(SOON, () -> cap(connection) != CAP_NANOS);
                if (i % 2 == 0) {
                    nodes.kill(i / 2 % BudgetNodes.count());
                } else {
                    int before = clients.refused();
                    Eventually.holds(SOON, () -> clients.refused() > before);
                    nodes.killAll();
                }
                nodes.changeAmount(Long.toString(CAP));
                Eventually.holds(SOON, () -> cap(connection) == CAP_NANOS);
            }
        });
    }

    /** Of one node, by an hour, with a kill at each time of day. */
    @Test
    @EnabledIfSystemProperty(named = "warder.long", matches = "true")
    void losesAndDoublesNothingWhileAClockJumps() throws Exception {
        assumeTrue(BudgetNodes.canChangeClock(), "libfaketime is not installed");
        run(true, (nodes, connection) -> {
            var steps = List.of("+1h", "-1h", "+0");
            for (int i = 1; i <= KILLS; i++) {
                awaitRequests((2 * i - 1) * REQUESTS / (2 * KILLS + 1));
                nodes.changeClock(steps.get((i - 1) % steps.size()));
                awaitRequests(2 * i * REQUESTS / (2 * KILLS + 1));
                nodes.kill(i % BudgetNodes.count());
            }
            assertThat(number(
                            connection,
                            "SELECT COUNT(*) FROM warder_ledger WHERE ended_at > now() + INTERVAL '30' MINUTE"))
                    .as("rows of the next hour")
                    .isPositive();
        });
    }

    private void kill(BudgetNodes nodes) throws Exception {
        for (int kill = 1; kill <= KILLS; kill++) {
            awaitRequests(kill * REQUESTS / (KILLS + 1));
            if (kill <= SINGLE_KILLS) {
                nodes.kill(kill % BudgetNodes.count());
            } else {
                nodes.killAll();
            }
        }
    }

    private void run(boolean changesClock, Story story) throws Exception {
        String database = postgres.anotherAddress();
        Files.writeString(folder.resolve("clients"), token.line("ci") + "\n");
        try (var upstream = ScriptedUpstream.plain().keepBodies(0).script(clients::respond);
                var connection = BoundDatabase.of(database).getConnection();
                var nodes = new BudgetNodes(folder, database, upstream.uri(), changesClock)) {
            nodes.changeAmount(Long.toString(CAP));
            nodes.changeClock("+0");
            nodes.start();
            clients.start(nodes);
            story.happen(nodes, connection);
            awaitRequests(REQUESTS);
            clients.end();
            Eventually.holds(PATIENCE, () -> sessions(connection).containsAll(clients.received()));
            nodes.stop();
            check(connection, nodes.kills());
        }
    }

    private static long cap(Connection connection) throws SQLException {
        return number(connection, "SELECT SUM(cap_target) FROM warder_budget_period");
    }

    private void awaitRequests(int count) throws Exception {
        Eventually.holds(PATIENCE, () -> clients.ended() >= count);
    }

    private void check(Connection connection, int kills) throws SQLException {
        long rows = number(connection, "SELECT COUNT(*) FROM warder_ledger");
        long unknown = number(connection, "SELECT COUNT(*) FROM warder_ledger WHERE basis = 'unknown'");
        long left = number(connection, "SELECT SUM(held_unknown) FROM warder_budget_period");
        System.out.printf(
                "%d kills: %s; %d rows, %d of them unknown; %d nano-dollars stay unknown%n",
                kills, clients, rows, unknown, left);
        assertThat(clients.twice()).as("requests that were sent twice").isEmpty();
        assertThat(number(connection, "SELECT COUNT(DISTINCT session_id) FROM warder_ledger"))
                .as("each request has one row")
                .isEqualTo(rows);
        assertThat(unknown).isLessThanOrEqualTo((long) BudgetClients.CLIENTS * kills);
        assertThat(number(
                        connection,
                        "SELECT COUNT(*) FROM warder_ledger WHERE basis = 'reported' AND cost_nanos <> "
                                + BudgetClients.COST))
                .isZero();
        assertThat(number(connection, "SELECT COUNT(*) FROM warder_ledger WHERE basis = 'reported'"))
                .isGreaterThanOrEqualTo(clients.ended() - unknown);
        assertThat(number(connection, "SELECT SUM(spent + overage) FROM warder_budget_period"))
                .isEqualTo(number(connection, "SELECT SUM(cost_nanos) FROM warder_ledger WHERE billed"))
                .isLessThanOrEqualTo(CAP_NANOS);
        assertThat(number(connection, "SELECT SUM(overage + leased) FROM warder_budget_period"))
                .isZero();
        assertThat(left).isBetween(0L, CAP_NANOS / 2);
        assertThat(number(
                        connection,
                        "SELECT COUNT(*) FROM warder_budget_check WHERE leased_differs <> 0 OR unknown_differs <> 0"
                                + " OR spent_differs <> 0 OR out_of_cap > 0"))
                .as("periods whose numbers do not fit together")
                .isZero();
    }

    private static Set<String> sessions(Connection connection) throws SQLException {
        var sessions = new HashSet<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT session_id FROM warder_ledger")) {
            while (rows.next()) {
                sessions.add(rows.getString(1));
            }
        }
        return sessions;
    }

    private static long number(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
