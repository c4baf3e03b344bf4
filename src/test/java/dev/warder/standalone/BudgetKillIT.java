package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.auth.AccessToken;
import dev.warder.contract.Eventually;
import dev.warder.testkit.BoundDatabase;
import dev.warder.testkit.Limit;
import dev.warder.testkit.Postgres;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.Turns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes that share a budget by a PostgreSQL, and are killed while they work: three times one of them and then both, in the
 * gate once one of them. What requests have cost is neither lost nor counted twice, and the budget is not exceeded. In the long form there are
 * 100,000 requests, 20 kills of one node and 5 of both, the amount and the zone are changed while they work, periods end, and a clock
 * goes wrong.
 */
@Timeout(7200)
@Tag("turn-6")
class BudgetKillIT {
    private static final boolean LONG = Boolean.getBoolean("warder.long");
    private static final int REQUESTS =
            Integer.getInteger("warder.budgetKills.requests", LONG ? 100_000 : Turns.of(500, 5000));
    private static final int SINGLE_KILLS = Integer.getInteger("warder.budgetKills.kills", LONG ? 20 : Turns.of(1, 3));
    private static final int COMMON_KILLS = Integer.getInteger("warder.budgetKills.common", LONG ? 5 : Turns.of(0, 1));
    private static final int KILLS = SINGLE_KILLS + COMMON_KILLS;

    /** One part of the requests. */
    private static final Duration PATIENCE = Limit.seconds(LONG ? 300 : 60);

    /** Dollars. */
    private static final long CAP = LONG ? 20 : 1;

    private static final long CAP_NANOS = CAP * 1_000_000_000;

    /** Less than is spent after the first part. */
    private static final String TOO_LITTLE = "0.000001";

    /** Policies are looked at every 2 s. */
    private static final Duration SOON = Limit.seconds(60);

    /** Their hours, days and months begin at different times. */
    private static final List<ZoneId> ZONES = Stream.of(
                    "UTC", "Asia/Kathmandu", "Pacific/Kiritimati", "America/St_Johns", "Pacific/Pago_Pago")
            .map(ZoneId::of)
            .toList();

    /** What ends by turns. The ledger keeps rows for 400 days, so that 33 kills are possible. */
    private static final List<ChronoUnit> ENDS = List.of(ChronoUnit.MONTHS, ChronoUnit.HOURS, ChronoUnit.DAYS);

    /** Nodes notice within a second that their clock was set. */
    private static final Duration BEFORE_END = Duration.ofSeconds(4);

    @RegisterExtension
    private final Postgres postgres = new Postgres();

    private final AccessToken token = AccessToken.generate(new SecureRandom());
    private final BudgetClients clients = new BudgetClients(token);
    private final Path folder;

    /** What happens while the nodes work. */
    @FunctionalInterface
    private interface Story {
        void happen(BudgetNodes nodes, BudgetTables tables) throws Exception;
    }

    /** What is written before the nodes start. */
    @FunctionalInterface
    private interface Preparation {
        void prepare(BudgetNodes nodes) throws Exception;
    }

    BudgetKillIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void losesAndDoublesNothingOverKills() throws Exception {
        run(0, (nodes, tables) -> {
            for (int i = 1; i <= KILLS; i++) {
                awaitRequests(i * REQUESTS / (KILLS + 1));
                kill(nodes, i);
            }
        });
    }

    /** What is spent exceeds the lower amount for a while. */
    @Test
    @EnabledIfSystemProperty(named = "warder.long", matches = "true")
    void losesAndDoublesNothingWhileTheAmountChanges() throws Exception {
        run(0, (nodes, tables) -> {
            for (int i = 1; i <= KILLS; i++) {
                awaitRequests(i * REQUESTS / (KILLS + 1));
                nodes.changeAmount(i % 2 == 0 ? Long.toString(CAP / 2) : TOO_LITTLE);
                Eventually.holds(SOON, () -> cap(tables) != CAP_NANOS);
                if (i % 2 == 0) {
                    nodes.kill(i / 2 % BudgetNodes.count());
                } else {
                    int before = clients.refused();
                    Eventually.holds(SOON, () -> clients.refused() > before);
                    nodes.killAll();
                }
                nodes.changeAmount(Long.toString(CAP));
                Eventually.holds(SOON, () -> cap(tables) == CAP_NANOS);
            }
        });
    }

    /** Of one node, by an hour, with a kill at each time of day. */
    @Test
    @EnabledIfSystemProperty(named = "warder.long", matches = "true")
    void losesAndDoublesNothingWhileAClockJumps() throws Exception {
        assumeTrue(BudgetNodes.canChangeClock(), "libfaketime is not installed");
        run(1, (nodes, tables) -> {
            var steps = List.of("+1h", "-1h", "+0");
            for (int i = 1; i <= KILLS; i++) {
                awaitRequests((2 * i - 1) * REQUESTS / (2 * KILLS + 1));
                nodes.changeClock(steps.get((i - 1) % steps.size()));
                awaitRequests(2 * i * REQUESTS / (2 * KILLS + 1));
                nodes.kill(i % BudgetNodes.count());
            }
            assertThat(tables.count("warder_ledger WHERE ended_at > now() + INTERVAL '30' MINUTE"))
                    .as("rows of the next hour")
                    .isPositive();
        });
    }

    /** A node that was killed knows the new zone when it starts, up to 2 s before or after the other one. */
    @Test
    @EnabledIfSystemProperty(named = "warder.long", matches = "true")
    void losesAndDoublesNothingWhileTheZoneChanges() throws Exception {
        run(0, ZONES.get(0), (nodes, tables) -> {
            for (int i = 1; i <= KILLS; i++) {
                awaitRequests(i * REQUESTS / (KILLS + 1));
                tables.see();
                nodes.changeZone(Long.toString(CAP), ZONES.get(i % ZONES.size()));
                if (i % 2 == 0) {
                    awaitPolicy(nodes, tables);
                }
                kill(nodes, i);
                awaitPolicy(nodes, tables);
            }
            assertThat(tables.count("warder_budget_adjustment WHERE nanos > 0"))
                    .as("periods that began with what was charged to others")
                    .isPositive();
        });
    }

    /** Of an hour, a day and a month, with a kill shortly before or after each. */
    @Test
    @EnabledIfSystemProperty(named = "warder.long", matches = "true")
    void losesAndDoublesNothingWhilePeriodsEnd() throws Exception {
        assumeTrue(BudgetNodes.canChangeClock(), "libfaketime is not installed");
        var zone = ZoneId.of("Europe/Berlin");
        run(BudgetNodes.count(), zone, (nodes, tables) -> {
            var end = ZonedDateTime.now(zone);
            for (int i = 1; i <= KILLS; i++) {
                awaitRequests((2 * i - 1) * REQUESTS / (2 * KILLS + 1));
                end = end(end.plus(BEFORE_END), ENDS.get((i - 1) % ENDS.size()));
                nodes.changeClock("+"
                        + Duration.between(Instant.now(), end.minus(BEFORE_END)).toSeconds());
                if (i % 2 == 0) {
                    awaitPeriods(tables, end);
                    kill(nodes, i);
                } else {
                    kill(nodes, i);
                    awaitPeriods(tables, end);
                }
                awaitRequests(2 * i * REQUESTS / (2 * KILLS + 1));
            }
        });
    }

    private static ZonedDateTime end(ZonedDateTime time, ChronoUnit unit) {
        var start = unit == ChronoUnit.MONTHS
                ? time.withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS)
                : time.truncatedTo(unit);
        return start.plus(1, unit);
    }

    /** Until one begins at this time. */
    private static void awaitPeriods(BudgetTables tables, ZonedDateTime start) throws Exception {
        Eventually.holds(
                SOON, () -> tables.count("warder_budget_period WHERE starts_at = '" + start.toInstant() + "'") > 0);
    }

    /** Until one node has used the policy that was written last. */
    private static void awaitPolicy(BudgetNodes nodes, BudgetTables tables) throws Exception {
        Eventually.holds(
                SOON, () -> tables.number("SELECT MAX(policy_version) FROM warder_budget_period") == nodes.version());
    }

    private static void kill(BudgetNodes nodes, int number) throws Exception {
        if (number <= SINGLE_KILLS) {
            nodes.kill(number % BudgetNodes.count());
        } else {
            nodes.killAll();
        }
    }

    /** With one budget, for a lifetime. */
    private void run(int clocks, Story story) throws Exception {
        run(clocks, nodes -> nodes.changeAmount(Long.toString(CAP)), story);
    }

    /** With a budget for an hour, one for a day and one for a month. */
    private void run(int clocks, ZoneId zone, Story story) throws Exception {
        run(clocks, nodes -> nodes.changeZone(Long.toString(CAP), zone), story);
    }

    private void run(int clocks, Preparation before, Story story) throws Exception {
        String database = postgres.anotherAddress();
        Files.writeString(folder.resolve("clients"), token.line("ci") + "\n");
        try (var upstream = ScriptedUpstream.plain().keepBodies(0).script(clients::respond);
                var connection = BoundDatabase.of(database).getConnection();
                var nodes = new BudgetNodes(folder, database, upstream.uri(), clocks)) {
            var tables = new BudgetTables(connection);
            before.prepare(nodes);
            nodes.changeClock("+0");
            nodes.start();
            clients.start(nodes);
            story.happen(nodes, tables);
            awaitRequests(REQUESTS);
            clients.end();
            Eventually.holds(PATIENCE, () -> tables.sessions().containsAll(clients.received()));
            nodes.stop();
            check(tables, nodes.kills());
        }
    }

    private static long cap(BudgetTables tables) throws SQLException {
        return tables.number("SELECT SUM(cap_target) FROM warder_budget_period");
    }

    private void awaitRequests(int count) throws Exception {
        Eventually.holds(PATIENCE, () -> clients.ended() >= count);
    }

    private void check(BudgetTables tables, int kills) throws SQLException {
        long unknown = tables.unknown();
        System.out.printf(
                "%d kills: %s; %d rows, %d of them unknown; %d nano-dollars stay unknown%n",
                kills,
                clients,
                tables.count("warder_ledger"),
                unknown,
                tables.number("SELECT SUM(held_unknown) FROM warder_budget_period"));
        assertThat(clients.twice()).as("requests that were sent twice").isEmpty();
        assertThat(unknown).isLessThanOrEqualTo((long) BudgetClients.CLIENTS * kills);
        assertThat(tables.count("warder_ledger WHERE basis = 'reported'"))
                .isGreaterThanOrEqualTo(clients.ended() - unknown);
        tables.checkLedger();
        tables.checkBudgets(CAP_NANOS);
        tables.checkUnknown();
    }
}
