package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.auth.AccessToken;
import dev.warder.contract.Eventually;
import dev.warder.testkit.BoundDatabase;
import dev.warder.testkit.Limit;
import dev.warder.testkit.Messages;
import dev.warder.testkit.Postgres;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Reply;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.Turns;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

    /** Requests that are more wait. */
    private static final int PER_MINUTE = 1500;

    /** A node is thought dead after less than a minute. */
    private static final Duration LONG_AGO = Limit.seconds(120);

    /** The number of runs that have reserved something. */
    private static final String RESERVING =
            "SELECT COUNT(DISTINCT run) FROM warder_lease WHERE state = 'live' AND granted > drawn";

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
                    nodes.kill(i / 2 % BudgetNodes.COUNT);
                } else {
                    int before = clients.refused.get();
                    Eventually.holds(SOON, () -> clients.refused.get() > before);
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
                nodes.kill(i % BudgetNodes.COUNT);
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
        run(BudgetNodes.COUNT, zone, (nodes, tables) -> {
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

    /**
     * The first node is of an earlier version and has no folder, so that its intents are in the database. Each ends what the other one
     * has left. It runs where {@code -Dwarder.before=PATH} names the earlier version's WAR, with {@code mvn verify -Dtest=none
     * -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=BudgetKillIT#*EarlierVersion}.
     */
    @Test
    @EnabledIfSystemProperty(named = "warder.before", matches = ".+")
    void losesAndDoublesNothingBesideAnEarlierVersion() throws Exception {
        String database = postgres.anotherAddress();
        Files.writeString(folder.resolve("clients"), token.line("ci") + "\n");
        long start = System.nanoTime();
        try (var upstream = ScriptedUpstream.plain().keepBodies(0).script(clients::respondSlowly);
                var connection = BoundDatabase.of(database).getConnection();
                var nodes = new BudgetNodes(
                        folder, database, upstream.uri(), 0, Optional.of(System.getProperty("warder.before")))) {
            var tables = new BudgetTables(connection);
            nodes.changeAmount(Long.toString(CAP), PER_MINUTE);
            nodes.start();
            clients.start(nodes);
            for (int node : List.of(0, 1)) {
                awaitRequests(clients.ended.size() + 200);
                nodes.end(node);
                Eventually.holds(LONG_AGO, () -> tables.count("warder_intent") == 0 || node == 1);
                Eventually.holds(LONG_AGO, () -> tables.number(RESERVING) <= 1);
                nodes.startAgain(node);
            }
            awaitRequests(clients.ended.size() + 200);
            nodes.killAll();
            awaitRequests(clients.ended.size() + 200);
            long cap = tables.number("SELECT SUM(spent + overage + leased + held_unknown) FROM warder_budget_period")
                    + 10_000_000;
            nodes.changeAmount(BigDecimal.valueOf(cap, 9).toPlainString(), PER_MINUTE);
            int before = clients.refused.get();
            Eventually.holds(PATIENCE, () -> clients.refused.get() > before + 100);
            clients.end();
            Eventually.holds(LONG_AGO, () -> tables.sessions().containsAll(clients.received));
            // The first node has another name at each start: what its killed run had is taken over when it was not seen
            // for a while.
            Eventually.holds(LONG_AGO, () -> tables.number(RESERVING) <= BudgetNodes.COUNT);
            assertThat(clients.received.size())
                    .isLessThanOrEqualTo((int) (PER_MINUTE * (1 + (System.nanoTime() - start) / 60e9)));
            assertThat(tables.number("SELECT COUNT(DISTINCT node) FROM warder_ledger"))
                    .isGreaterThan(1);
            for (int node = 0; node < BudgetNodes.COUNT; node++) {
                assertThat(nodes.exported(node)).isEqualTo(tables.count("warder_ledger"));
            }
            nodes.stop();
            System.out.printf("%s; %d rows, %d unknown%n", clients, tables.count("warder_ledger"), tables.unknown());
            assertThat(clients.twice).isEmpty();
            tables.checkLedger();
            tables.checkBudgets(cap);
        }
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
            nodes.kill(number % BudgetNodes.COUNT);
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
            Eventually.holds(PATIENCE, () -> tables.sessions().containsAll(clients.received));
            nodes.stop();
            check(tables, nodes.kills());
        }
    }

    private static long cap(BudgetTables tables) throws SQLException {
        return tables.number("SELECT SUM(cap_target) FROM warder_budget_period");
    }

    private void awaitRequests(int count) throws Exception {
        Eventually.holds(PATIENCE, () -> clients.ended.size() >= count);
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
        assertThat(clients.twice).as("requests that were sent twice").isEmpty();
        assertThat(unknown).isLessThanOrEqualTo((long) BudgetClients.CLIENTS * kills);
        assertThat(tables.count("warder_ledger WHERE basis = 'reported'"))
                .isGreaterThanOrEqualTo(clients.ended.size() - unknown);
        tables.checkLedger();
        tables.checkBudgets(CAP_NANOS);
        tables.checkUnknown();
    }

    /** Clients that send one request after the other to nodes in turn, and the upstream of these. Thread-safe. */
    private static final class BudgetClients {
        static final int CLIENTS = 8;

        /** At the prices of claude-haiku-4-5 in nano-dollars: 3 tokens of input and 5 of output. */
        static final long COST = 3 * 1000 + 5 * 5000;

        /** At most what a request holds: 1,500 tokens that are written to the cache, 9 of output, and what is rounded. */
        static final long MOST_HELD = 1500 * 1250 + 9 * 5000 + 1000;

        private static final String SESSION = "x-claude-code-session-id";

        private final AccessToken token;
        /** The sessions of requests that came upstream; each request has one of its own. */
        private final Set<String> received = ConcurrentHashMap.newKeySet();
        /** Those of requests that came upstream twice. */
        private final Set<String> twice = ConcurrentHashMap.newKeySet();
        /** Those whose response was whole. */
        private final Set<String> ended = ConcurrentHashMap.newKeySet();

        private final AtomicInteger sent = new AtomicInteger();
        private final AtomicInteger refused = new AtomicInteger();
        private final AtomicInteger pauses = new AtomicInteger();
        private final CountDownLatch end = new CountDownLatch(1);
        private final List<Thread> threads = new ArrayList<>();

        BudgetClients(AccessToken token) {
            this.token = token;
        }

        /** The upstream's response. */
        void respond(RecordedRequest request, Reply reply) throws Exception {
            var session = request.fields().first(SESSION).orElseThrow();
            if (!received.add(session)) {
                twice.add(session);
            }
            reply.eventStream();
            reply.chunk(Messages.start().replace("claude-test", "claude-haiku-4-5"));
            reply.chunk(Messages.end());
            reply.lastChunk();
        }

        /** The same after the time that a short response takes, so that some are open when a node is killed. */
        void respondSlowly(RecordedRequest request, Reply reply) throws Exception {
            if (!new CountDownLatch(1).await(30, TimeUnit.MILLISECONDS)) {
                respond(request, reply);
            }
        }

        void start(BudgetNodes nodes) {
            for (int i = 0; i < CLIENTS; i++) {
                int first = i;
                threads.add(ScriptedUpstream.daemon("client-" + i, () -> work(first, nodes)));
            }
            threads.forEach(Thread::start);
        }

        private void work(int first, BudgetNodes nodes) {
            for (int i = first; end.getCount() > 0; i++) {
                var session = UUID.randomUUID().toString();
                var request = RawRequest.of("POST", "/v1/messages")
                        .field("x-api-key", token.reveal())
                        .field(SESSION, session)
                        .json("{\"model\":\"claude-haiku-4-5\",\"max_tokens\":9,\"stream\":true,\"messages\":[]}");
                sent.incrementAndGet();
                try {
                    var response = RawClient.exchange(nodes.base(i % BudgetNodes.COUNT), request);
                    if (response.text().endsWith("data: {\"type\":\"message_stop\"}\n\n")) {
                        ended.add(session);
                    } else {
                        refused.addAndGet(response.status() == 429 ? 1 : 0);
                        pause();
                    }
                } catch (IOException killed) {
                    // The next one goes to the other node.
                    pause();
                }
            }
        }

        private void pause() {
            try {
                pauses.addAndGet(end.await(20, TimeUnit.MILLISECONDS) ? 0 : 1);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }

        /** Waits until each has read its last response. */
        void end() throws InterruptedException {
            end.countDown();
            for (var thread : threads) {
                thread.join();
            }
        }

        @Override
        public String toString() {
            return "%d requests sent (%d pauses, %d refused), %d received upstream, %d ended"
                    .formatted(sent.get(), pauses.get(), refused.get(), received.size(), ended.size());
        }
    }

    /** The ledger and the tables of budgets, as the nodes have written them. One thread at a time. */
    private static final class BudgetTables {
        /** A row for each row of the ledger that was charged to a period, with the window of the period. */
        private static final String CHARGED =
                """
                (warder_charge JOIN warder_ledger USING (try_id, part)) JOIN warder_budget_period USING (budget, starts_at)
                """;

        /**
         * A row for each period: what it began with, and the least and the most that it may begin with. The most are the
         * costs of its window that are not charged to it. The least is what of these was seen before the first request was
         * admitted that is charged to it.
         */
        private static final String OPENINGS =
                """
                (SELECT p.budget, p.starts_at,
                    (SELECT COALESCE(SUM(nanos), 0) FROM warder_budget_adjustment a
                        WHERE a.budget = p.budget AND a.starts_at = p.starts_at) AS opening,
                    SUM(l.cost_nanos) FILTER (WHERE c.nanos IS NULL) AS most,
                    SUM(l.cost_nanos) FILTER (WHERE c.nanos IS NULL AND s.seen_at < charged.admitted_at) AS least
                FROM warder_budget_period p
                LEFT JOIN (SELECT budget, starts_at, MIN(admitted_at) AS admitted_at
                    FROM warder_charge JOIN warder_ledger USING (try_id, part)
                    GROUP BY budget, starts_at) charged ON charged.budget = p.budget AND charged.starts_at = p.starts_at
                LEFT JOIN warder_ledger l ON l.billed AND l.admitted_at >= p.starts_at
                    AND (p.ends_at IS NULL OR l.admitted_at < p.ends_at)
                LEFT JOIN warder_charge c ON c.try_id = l.try_id AND c.part = l.part
                    AND c.budget = p.budget AND c.starts_at = p.starts_at
                LEFT JOIN seen s ON s.try_id = l.try_id AND s.part = l.part
                GROUP BY p.budget, p.starts_at) openings
                """;

        private final Connection connection;

        /** @param connection has a table of its own in the database, for what was seen */
        BudgetTables(Connection connection) throws SQLException {
            this.connection = connection;
            try (var statement = connection.createStatement()) {
                statement.execute(
                        "CREATE TABLE seen (try_id VARCHAR(36), part INTEGER, seen_at TIMESTAMP WITH TIME ZONE,"
                                + " PRIMARY KEY (try_id, part))");
            }
        }

        /** Notes which rows the ledger has now: a budget that is added later in its period has to count them. */
        void see() throws SQLException {
            try (var statement = connection.createStatement()) {
                statement.execute("INSERT INTO seen SELECT try_id, part, clock_timestamp() FROM warder_ledger"
                        + " ON CONFLICT DO NOTHING");
            }
        }

        /** The number that a query selects. */
        long number(String query) throws SQLException {
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery(query)) {
                rows.next();
                return rows.getLong(1);
            }
        }

        /** How many rows there are; {@code from} is what follows the word FROM. */
        long count(String from) throws SQLException {
            return number("SELECT COUNT(*) FROM " + from);
        }

        /** The sessions of all requests in the ledger. */
        Set<String> sessions() throws SQLException {
            var sessions = new HashSet<String>();
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT session_id FROM warder_ledger")) {
                while (rows.next()) {
                    sessions.add(rows.getString(1));
                }
            }
            return sessions;
        }

        /** How many requests have an outcome that no node knows. */
        long unknown() throws SQLException {
            return count("warder_ledger WHERE basis = 'unknown'");
        }

        /** Each request has one row, and a known outcome has a known cost. */
        void checkLedger() throws SQLException {
            assertThat(number("SELECT COUNT(DISTINCT session_id) FROM warder_ledger"))
                    .as("each request has one row")
                    .isEqualTo(count("warder_ledger"));
            assertThat(count("warder_ledger WHERE basis = 'reported' AND cost_nanos <> " + BudgetClients.COST))
                    .isZero();
        }

        /** All nodes have stopped: each cost is charged to one period of each budget, and periods have nothing else. */
        void checkBudgets(long cap) throws SQLException {
            long budgets = number("SELECT COUNT(DISTINCT budget) FROM warder_budget_period");
            long cost = number("SELECT SUM(cost_nanos) FROM warder_ledger WHERE billed");
            long opening = number("SELECT COALESCE(SUM(nanos), 0) FROM warder_budget_adjustment");
            System.out.printf(
                    "%d periods of %d budgets, %d of them began with costs: %d nano-dollars; charged were %d to each budget%n",
                    count("warder_budget_period"),
                    budgets,
                    count("warder_budget_adjustment WHERE nanos > 0"),
                    opening,
                    cost);
            assertThat(number("SELECT SUM(spent + overage) FROM warder_budget_period"))
                    .isEqualTo(budgets * cost + opening);
            assertThat(number("SELECT MAX(spent + overage) FROM warder_budget_period"))
                    .isLessThanOrEqualTo(cap);
            assertThat(number("SELECT SUM(overage + leased) FROM warder_budget_period"))
                    .isZero();
            assertThat(number("SELECT MAX(held_unknown) FROM warder_budget_period"))
                    .isBetween(0L, cap / 2);
            assertThat(count(
                            "warder_budget_check WHERE leased_differs <> 0 OR unknown_differs <> 0 OR spent_differs <> 0"
                                    + " OR out_of_cap > 0"))
                    .as("periods whose numbers do not fit together")
                    .isZero();
            checkCharges(budgets);
        }

        /** Of killed nodes, no more stays unknown than what their open requests held. */
        void checkUnknown() throws SQLException {
            assertThat(number("SELECT MAX(held_unknown) FROM warder_budget_period"))
                    .isLessThanOrEqualTo(unknown() * BudgetClients.MOST_HELD);
        }

        private void checkCharges(long budgets) throws SQLException {
            assertThat(count("(SELECT 1 FROM warder_ledger LEFT JOIN warder_charge USING (try_id, part)"
                            + " WHERE billed AND cost_nanos > 0 GROUP BY try_id, part, cost_nanos"
                            + " HAVING COUNT(DISTINCT budget) <> " + budgets + " OR SUM(nanos) <> cost_nanos * "
                            + budgets
                            + ") differs"))
                    .as("rows of the ledger that are not charged once to each budget")
                    .isZero();
            assertThat(count(CHARGED + " WHERE admitted_at < starts_at OR admitted_at >= ends_at"))
                    .as("charges to a period in which the request was not admitted")
                    .isZero();
            assertThat(count(OPENINGS + " WHERE opening < COALESCE(least, 0) OR opening > COALESCE(most, 0)"))
                    .as("periods that began with too little or too much")
                    .isZero();
        }
    }
}
