package dev.warder.ledger.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.warder.ledger.store.LeaseStore.FencedException;
import dev.warder.ledger.store.LeaseStore.LeaseRequest;
import dev.warder.ledger.store.LeaseStore.LeaseState;
import dev.warder.ledger.store.LeaseStore.Line;
import dev.warder.ledger.store.LeaseStore.Opening;
import dev.warder.ledger.store.PeriodReader.NodeWait;
import dev.warder.ledger.store.Settling.Charge;
import dev.warder.testkit.AtOnce;
import dev.warder.testkit.BudgetCheck;
import dev.warder.testkit.Turns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What runs reserve in a database and what is charged to it, beyond what {@link LeaseModelTest} shows. */
interface LeasesContract extends LeaseDatabase {
    int NODES = 4;
    int STEPS = Turns.of(60, 400);
    List<PeriodKey> KEYS = List.of(MONTH, OTHER, LeaseDatabase.key(1));

    @Test
    default void keepsTheEdgeForRunningRequests() throws Exception {
        assertThat(granted(A, request(MONTH, 0, 5000))).isEqualTo(CAP - EDGE);
        assertThat(granted(B, request(MONTH, 0, 5000))).isZero();
        assertThat(granted(B, request(MONTH, 15, 5000))).isEqualTo(15);
        assertThat(granted(A, request(MONTH, CAP, 5000))).isEqualTo(CAP - 15);
        assertThat(mostOutOfCap()).isZero();
    }

    @Test
    default void reportsTheStateOfThePeriodToAllRuns() throws Exception {
        granted(A, request(MONTH, 500, 500));
        settle(A, MONTH, 510);
        assertThat(reserve(B, request(MONTH, 40, 40)))
                .isEqualTo(new LeaseState(MONTH, 40, 0, new Amounts(CAP, 510, 0, 40, 0), false));
        assertThat(reserve(A, request(MONTH, 510, 510)))
                .isEqualTo(new LeaseState(MONTH, 510, 510, new Amounts(CAP, 510, 0, 40, 0), false));
    }

    @Test
    default void grantsToTheRunThatWaitsLongestBeforeOthers() throws Exception {
        granted(A, request(MONTH, 0, 900));
        assertThat(granted(B, waiting(MONTH, 0, 500))).isEqualTo(80);
        assertThat(granted(C, waiting(MONTH, 0, 500))).isZero();
        assertThat(reserve(A, request(MONTH, 0, 400)).othersWait()).isTrue();
        // C waits for a shorter time, and A does not wait: they get what running requests need, and no more.
        assertThat(granted(C, waiting(MONTH, 100, 500))).isEqualTo(100);
        assertThat(granted(A, request(MONTH, 410, 900))).isEqualTo(410);
        assertThat(granted(B, waiting(MONTH, 0, 400))).isEqualTo(400);
        assertThat(granted(C, waiting(MONTH, 100, 500))).isEqualTo(CAP - EDGE - 410 - 400);
        assertThat(reserve(B, request(MONTH, 0, 400)).othersWait()).isTrue();
        reserve(C, request(MONTH, 0, 100));
        assertThat(reserve(A, request(MONTH, 0, 400)).othersWait()).isFalse();
    }

    /** By the time since which its oldest request waits, not by the time of its last reservation. */
    @Test
    default void keepsThePlaceOfARunThatGoesOnWaiting() throws Exception {
        granted(A, request(MONTH, 0, 980));
        reserve(B, waiting(MONTH, 0, 100));
        reserve(C, waiting(MONTH, 0, 100));
        reserve(B, waiting(MONTH, 0, 120, 60_000));
        reserve(A, request(MONTH, 0, 860));
        assertThat(granted(C, waiting(MONTH, 0, 100))).isZero();
        assertThat(granted(B, waiting(MONTH, 0, 120))).isEqualTo(120);
    }

    /** It stays in the line, for as much as its requests wait for. */
    @Test
    default void collectsForTheLongestWaitWhatOthersThatWaitGiveBack() throws Exception {
        granted(A, request(MONTH, 0, 400));
        granted(B, request(MONTH, 0, 400));
        assertThat(granted(A, waiting(MONTH, 0, 700, 9_000))).isEqualTo(580);
        assertThat(reserve(B, waiting(MONTH, 0, 500, 5_000)).othersWait()).isTrue();
        var givesBack = request(MONTH, Optional.of(END), Opening.NONE, 0, 0, new Line(500, 5_000));
        assertThat(granted(B, givesBack)).isZero();
        assertThat(granted(A, waiting(MONTH, 0, 700, 9_000))).isEqualTo(700);
        assertThat(granted(C, waiting(MONTH, 0, 100, 1_000))).isZero();
        assertThat(granted(B, waiting(MONTH, 0, 280, 5_000))).isEqualTo(280);
    }

    @Test
    default void collectsForRunningRequestsBeforeThoseThatWait() throws Exception {
        granted(A, request(MONTH, 0, 500));
        granted(B, waiting(MONTH, 0, 900, 50_000));
        assertThat(granted(A, request(MONTH, 600, 600))).isEqualTo(520);
        assertThat(reserve(B, waiting(MONTH, 0, 900, 50_000)).othersWait()).isTrue();
        assertThat(granted(C, waiting(MONTH, 0, 10, 55_000))).isZero();
    }

    @Test
    default void letsNoRunThatWasKilledKeepOthersWaiting() throws Exception {
        granted(A, request(MONTH, 0, 900));
        leases().beat(B, "b");
        reserve(B, waiting(MONTH, 0, 500));
        execute("UPDATE warder_budget_node SET seen_at = CURRENT_TIMESTAMP - INTERVAL '11' SECOND");
        reserve(A, request(MONTH, 0, 400));
        assertThat(granted(C, request(MONTH, 0, 100))).isEqualTo(100);
        leases().beat(B, "b");
        assertThat(granted(C, request(MONTH, 0, 200))).isEqualTo(100);
    }

    @Test
    default void followsTheHighestVersionOfThePolicy() throws Exception {
        granted(A, request(MONTH, 0, 900));
        var lowered = reserve(B, under(request(MONTH, 10, 10), 3, 500, true));
        assertThat(lowered.all().amount()).isEqualTo(500);
        assertThat(lowered.granted()).isZero();
        var older = reserve(A, under(request(MONTH, 950, 950), 2, 5000, true));
        assertThat(older.all().amount()).isEqualTo(500);
        assertThat(older.granted()).isEqualTo(900);
        assertThat(granted(B, under(request(MONTH, 150, 150), 3, 1000, true))).isEqualTo(100);
        reserve(B, under(request(MONTH, 100, 100), 4, 0, true));
        assertThat(period(MONTH).terms().cap()).isZero();
    }

    @Test
    default void reservesNothingOfABudgetThatIsNotEnforced() throws Exception {
        var warns = under(request(MONTH, 600, 700), 1, 100, false);
        assertThat(reserve(A, warns)).isEqualTo(new LeaseState(MONTH, 0, 0, new Amounts(100, 0, 0, 0, 0), false));
        settle(A, MONTH, 150);
        assertThat(reserve(A, warns)).isEqualTo(new LeaseState(MONTH, 0, 0, new Amounts(100, 150, 0, 0, 0), false));
        assertThat(count("warder_lease")).isZero();
        assertThat(granted(A, under(request(MONTH, 10, 10), 2, 200, true))).isEqualTo(10);
        assertThat(granted(A, under(request(MONTH, 10, 10), 3, 200, false))).isZero();
        assertThat(period(MONTH).leased()).isZero();
    }

    /** More than fit into one transaction that takes them, and into one query that reads them. */
    @Test
    default void reservesManyPeriodsAtOnceInTheOrderOfTheRequests() throws Exception {
        var requests = IntStream.range(0, 401)
                .mapToObj(i -> request(LeaseDatabase.key(401 - i), i, i + 1))
                .toList();
        var states = leases().reserve(A, requests);
        assertThat(states)
                .extracting(LeaseState::key, LeaseState::granted)
                .isEqualTo(requests.stream()
                        .map(each -> tuple(each.key(), each.wanted()))
                        .toList());
        assertThat(leases().reserve(A, requests)).isEqualTo(states);
        leases().reserve(B, requests);
        assertThat(leases().reap(A)).isEqualTo(401);
        leases().end(B);
        assertThat(new PeriodReader(database())
                        .read(requests.stream().map(LeaseRequest::key).toList()))
                .isEqualTo(requests.stream()
                        .collect(
                                Collectors.toMap(LeaseRequest::key, each -> new Amounts(CAP, 0, 0, 0, each.wanted()))));
        assertThat(leases().reserve(C, List.of())).isEmpty();
        assertThatThrownBy(() -> leases().reserve(C, List.of(requests.get(0), requests.get(0))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    default void fencesARunWhoseLeasesWereTaken() throws Exception {
        leases().beat(A, "node");
        reserve(A, request(MONTH, 300, 300));
        leases().reap(A);
        assertThat(leases().beats()).isEmpty();
        assertThatThrownBy(() -> reserve(A, request(MONTH, 300, 300)))
                .isInstanceOf(FencedException.class)
                .hasMessageContaining(A.toString());
        assertThatThrownBy(() -> reserve(A, request(OTHER, 1, 1)))
                .as("a budget of which it had no lease")
                .isInstanceOf(FencedException.class);
        assertThat(count("warder_budget_period")).isEqualTo(1);
        leases().end(A);
        assertThat(amounts(MONTH)).containsExactly(0L, 0L, 300L, 0L);
    }

    @Test
    default void givesBackTheLeasesOfARunThatEnds() throws Exception {
        leases().beat(A, "node");
        reserve(A, request(MONTH, 300, 300));
        settle(A, MONTH, 100);
        leases().end(A);
        assertThat(leases().beats()).isEmpty();
        settle(A, MONTH, 50);
        assertThat(amounts(MONTH)).containsExactly(150L, 0L, 0L, 0L);
        leases().end(A);
        reserve(B, waiting(MONTH, 5000, 5000));
        leases().end(B);
        assertThat(leases().beats()).isEmpty();
        assertThat(granted(C, request(MONTH, 850, 850))).isEqualTo(850);
    }

    @Test
    default void countsTheBeatsOfAllRuns() throws Exception {
        leases().beat(A, "first");
        leases().beat(A, "first");
        leases().beat(B, "second");
        reserve(C, request(MONTH, 1, 1));
        assertThat(leases().beats()).isEqualTo(Map.of(A, 2L, B, 1L, C, 0L));
        assertThat(leases().runsOf("first")).containsExactly(A);
        assertThat(leases().runsOf("third")).isEmpty();
        assertThat(leases().liveNodes().count()).isEqualTo(2);
        assertThat(leases().liveNodes().databaseTime()).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
        execute("UPDATE warder_budget_node SET seen_at = CURRENT_TIMESTAMP - INTERVAL '61' SECOND"
                + " WHERE node = 'first'");
        assertThat(leases().liveNodes().count()).isEqualTo(1);
        leases().beat(A, "first");
        assertThat(leases().liveNodes().count()).isEqualTo(2);
    }

    @Test
    default void spendsMoreThanTheLeaseWithinTheCap() throws Exception {
        reserve(A, request(MONTH, 300, 300));
        reserve(B, request(MONTH, 400, 400));
        settle(A, MONTH, 350);
        assertThat(amounts(MONTH)).containsExactly(350L, 0L, 0L, 400L);
        assertThat(granted(A, request(MONTH, 350, 350))).isEqualTo(350);
        settle(A, MONTH, 300);
        assertThat(amounts(MONTH)).containsExactly(600L, 50L, 0L, 400L);
        assertThat(mostOutOfCap()).isEqualTo(50);
    }

    @Test
    default void countsAsOverageWhatALowerCapHasNoRoomFor() throws Exception {
        reserve(A, request(MONTH, 600, 600));
        reserve(B, under(request(MONTH, 0, 0), 2, 100, true));
        settle(A, MONTH, 610);
        settle(B, MONTH, 5);
        assertThat(amounts(MONTH)).containsExactly(600L, 15L, 0L, 0L);
    }

    @Test
    default void spendsWhatCountedAsUnknown() throws Exception {
        reserve(A, request(MONTH, 300, 300));
        leases().reap(A);
        settle(A, MONTH, 100);
        assertThat(amounts(MONTH)).containsExactly(100L, 0L, 200L, 0L);
        settle(A, MONTH, 250);
        assertThat(amounts(MONTH)).containsExactly(350L, 0L, 0L, 0L);
        settle(A, MONTH, CAP);
        assertThat(amounts(MONTH)).containsExactly(CAP, 350L, 0L, 0L);
    }

    @Test
    default void chargesOneRowToSeveralPeriodsAndSeveralRunsAtOnce() throws Exception {
        leases().reserve(A, List.of(request(MONTH, 100, 100), request(OTHER, 100, 100)));
        leases().reserve(B, List.of(request(OTHER, 100, 100), request(MONTH, 100, 100)));
        leases().reap(B);
        var first = UUID.randomUUID();
        var second = UUID.randomUUID();
        settle(
                new Charge(first, 0, A, OTHER, 30),
                new Charge(first, 0, A, MONTH, 30),
                new Charge(first, 1, A, MONTH, 1),
                new Charge(second, 0, B, MONTH, 10),
                new Charge(second, 0, C, OTHER, 10));
        assertThat(amounts(MONTH)).containsExactly(41L, 0L, 90L, 69L);
        assertThat(amounts(OTHER)).containsExactly(40L, 0L, 100L, 70L);
        assertThat(count("warder_charge")).isEqualTo(5);
    }

    /** What the open requests of a killed run held, of each period. */
    private void giveBack(UUID run, Map<PeriodKey, Long> held) throws Exception {
        Settling.giveBack(transactions(), run, held);
    }

    /** Before or after another node has taken its leases over, and again after a kill of the node that does it. */
    @Test
    default void keepsOfAKilledRunOnlyWhatItsOpenRequestsHeld() throws Exception {
        leases().reserve(A, List.of(request(MONTH, 300, 300), request(OTHER, 300, 300)));
        reserve(B, request(MONTH, 50, 50));
        settle(A, MONTH, 100);
        giveBack(A, Map.of(MONTH, 30L));
        assertThat(amounts(MONTH)).containsExactly(100L, 0L, 30L, 50L);
        assertThat(amounts(OTHER)).containsExactly(0L, 0L, 0L, 0L);
        leases().reap(A);
        giveBack(A, Map.of(MONTH, 30L));
        reserve(C, request(MONTH, 200, 200));
        leases().reap(C);
        assertThat(amounts(MONTH)).containsExactly(100L, 0L, 230L, 50L);
        giveBack(C, Map.of(MONTH, 500L, OTHER, 500L));
        assertThat(amounts(MONTH)).as("no more than it had").containsExactly(100L, 0L, 230L, 50L);
        giveBack(C, Map.of(MONTH, 20L));
        assertThat(amounts(MONTH)).containsExactly(100L, 0L, 50L, 50L);
    }

    @Test
    default void showsWhereTheTablesDiffer() throws Exception {
        reserve(A, request(MONTH, 300, 300));
        settle(A, MONTH, 100);
        for (var column : List.of("leased", "held_unknown", "spent", "overage")) {
            execute("UPDATE warder_budget_period SET " + column + " = " + column + " + 1");
            assertThatThrownBy(() -> BudgetCheck.agrees(database())).as(column).isInstanceOf(AssertionError.class);
            execute("UPDATE warder_budget_period SET " + column + " = " + column + " - 1");
        }
        for (var table : List.of("warder_charge", "warder_lease")) {
            execute("UPDATE " + table + " SET budget = 'organization/day'");
            assertThatThrownBy(() -> BudgetCheck.agrees(database())).as(table).isInstanceOf(AssertionError.class);
            execute("UPDATE " + table + " SET budget = '" + MONTH.budget() + "'");
        }
    }

    /** The statements of the page about the ledger. */
    @Test
    default void operatorsReadWhatIsReservedAndFreeWhatIsUnknown() throws Exception {
        reserve(A, request(MONTH, 300, 300));
        settle(A, MONTH, 100);
        reserve(B, request(MONTH, 50, 50));
        leases().reap(A);
        var page = Files.readString(Path.of("src/site/markdown/ledger.md"));
        var statements = Pattern.compile("(?m)^    ((?:SELECT|UPDATE|COMMIT)[^;]*);$")
                .matcher(page)
                .results()
                .map(each -> each.group(1))
                .toList();
        assertThat(statements).hasSize(6);
        inTransaction(handle -> {
            try (var statement = handle.getConnection().createStatement()) {
                for (var sql : statements) {
                    statement.execute(sql);
                }
            }
        });
        assertThat(amounts(MONTH)).containsExactly(100L, 0L, 0L, 50L);
        settle(A, MONTH, 30);
        assertThat(amounts(MONTH)).containsExactly(130L, 0L, 0L, 50L);
    }

    private boolean note(int percent) throws Exception {
        return leases().note(MONTH, percent, CAP);
    }

    @Test
    default void oneNodeReportsAThresholdOnce() throws Exception {
        reserve(A, request(MONTH, 0, 0));
        assertThat(note(75)).isTrue();
        assertThat(note(75)).isFalse();
        assertThat(AtOnce.run(4, node -> note(90))).containsOnlyOnce(true);
        assertThat(note(80)).isFalse();
        assertThat(leases().note(OTHER, 90, CAP)).isTrue();
        assertThat(leases().note(MONTH, 90, 10 * CAP)).isTrue();
        assertThat(leases().note(MONTH, 100, 999_999_999_999_999_999L)).isTrue();
        assertThat(note(90)).isFalse();
        assertThat(number("SELECT SUM(nanos) FROM warder_budget_adjustment")).isZero();
    }

    /** Else a page that is looked at would delay requests, and requests the page. */
    @Test
    default void readsWithoutWaitingForALock() throws Exception {
        granted(A, request(MONTH, 10, 10));
        var reader = new PeriodReader(database());
        inTransaction(handle -> {
            var periods = LockedPeriods.lock(handle, List.of(MONTH));
            var terms = new LeaseRequest.Terms(Optional.of(END), CAP + 5, true, 2);
            periods.put(periods.period(MONTH).adopt(terms));
            periods.write();
            assertThat(reader.read(List.of(MONTH))).isEqualTo(Map.of(MONTH, new Amounts(CAP, 0, 0, 10, 0)));
        });
        assertThat(reader.read(List.of(MONTH))).isEqualTo(Map.of(MONTH, new Amounts(CAP + 5, 0, 0, 10, 0)));
    }

    private List<NodeWait> waits() throws Exception {
        return new PeriodReader(database()).waits(A);
    }

    @Test
    default void readsWhatOtherNodesWaitForTheOldestFirst() throws Exception {
        assertThat(waits()).isEmpty();
        granted(A, waiting(MONTH, CAP, CAP + 1, 9000));
        granted(B, waiting(MONTH, 0, 30, 1000));
        granted(C, waiting(MONTH, 0, 50, 5000));
        granted(C, request(OTHER, 10, 10));
        assertThat(waits()).as("no node that lives").isEmpty();
        leases().beat(A, "a");
        leases().beat(B, "b");
        leases().beat(C, "c");
        assertThat(waits())
                .extracting(NodeWait::node, NodeWait::key, NodeWait::nanos)
                .containsExactly(tuple("c", MONTH, 50L), tuple("b", MONTH, 30L));
        assertThat(waits().get(0).waited()).hasValueSatisfying(waited -> assertThat(waited)
                .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(60)));
        execute("UPDATE warder_budget_node SET seen_at = seen_at - INTERVAL '2' MINUTE");
        assertThat(waits()).isEmpty();
    }

    /** They come before all others, however long these have waited. */
    @Test
    default void readsResponsesThatNeedMoreWithoutATime() throws Exception {
        leases().beat(B, "b");
        granted(A, request(MONTH, CAP, CAP));
        granted(B, request(MONTH, 40, 40));
        assertThat(waits()).containsExactly(new NodeWait("b", MONTH, 40, Optional.empty()));
        leases().reserve(
                        B,
                        IntStream.range(0, PeriodReader.MOST_WAITS)
                                .mapToObj(i -> waiting(LeaseDatabase.key(i), 0, CAP + 1))
                                .toList());
        assertThat(waits()).hasSize(PeriodReader.MOST_WAITS);
    }

    /** Several nodes, which are killed now and then. */
    @Tag("turn-6")
    @Test
    default void nodesNeverBlockEachOtherAndNeverExceedTheCap() throws Exception {
        leases().liveNodes();
        var running = new AtomicInteger(NODES);
        var spent = AtOnce.run(NODES + 1, thread -> {
            if (thread < NODES) {
                try {
                    return new ModelNode(this, 2026 + thread).run();
                } finally {
                    running.decrementAndGet();
                }
            }
            while (running.get() > 0) {
                assertThat(mostOutOfCap()).isLessThanOrEqualTo(0);
                BudgetCheck.agrees(database());
                inTransaction(handle -> OldPeriods.deleteCharges(handle, Instant.parse("2200-01-01T00:00:00Z")));
            }
            return 0L;
        });
        long sum = spent.stream().mapToLong(Long::longValue).sum();
        assertThat(sum).isPositive();
        for (var key : KEYS) {
            assertThat(amounts(key)).as("%s", key).startsWith(sum, 0L).endsWith(0L);
        }
    }

    /**
     * A node that spends only what it has reserved, and keeps the rows that are not stored over a kill, as in a journal. One thread
     * at a time.
     */
    final class ModelNode {
        private final LeaseDatabase database;
        private final Random random;
        private UUID run = UUID.randomUUID();
        private final Map<PeriodKey, Long> granted = new HashMap<>();
        private long spent;
        private final List<Charge> journal = new ArrayList<>();
        private final List<UUID> ended = new ArrayList<>();
        private long total;

        ModelNode(LeaseDatabase database, long seed) {
            this.database = database;
            this.random = new Random(seed);
        }

        /** What it has spent of each budget in all its runs, after it has stored all and given back the rest. */
        long run() throws SQLException {
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(20)) {
                    case 0 -> kill();
                    case 1 -> reap();
                    case 2, 3, 4, 5, 6 -> reserve();
                    case 7, 8, 9 -> store(1 + random.nextInt(5));
                    default -> spend();
                }
            }
            store(Integer.MAX_VALUE);
            reap();
            database.leases().end(run);
            return total;
        }

        private void spend() {
            long nanos = random.nextLong(1, 5);
            if (KEYS.stream().allMatch(key -> granted.getOrDefault(key, 0L) - spent >= nanos)) {
                var id = UUID.randomUUID();
                KEYS.forEach(key -> journal.add(new Charge(id, 0, run, key, nanos)));
                spent += nanos;
                total += nanos;
            }
        }

        private void reserve() throws SQLException {
            var requests = new ArrayList<LeaseRequest>();
            for (var key : KEYS) {
                long least = spent + random.nextInt(5);
                long wanted = least + random.nextInt(40);
                var line = random.nextBoolean() ? new Line(wanted - least, random.nextInt(100)) : Line.NONE;
                requests.add(database.request(key, Optional.empty(), Opening.NONE, least, wanted, line));
            }
            Collections.shuffle(requests, random);
            try {
                database.leases().reserve(run, requests).forEach(state -> granted.put(state.key(), state.granted()));
            } catch (FencedException fenced) {
                kill();
            }
        }

        /** Whole rows: their charges follow each other. */
        private void store(int most) throws SQLException {
            int rows = Math.min(journal.size() / KEYS.size(), most);
            var stored = journal.subList(0, rows * KEYS.size());
            database.settle(stored.toArray(Charge[]::new));
            stored.clear();
        }

        private void kill() {
            ended.add(run);
            run = UUID.randomUUID();
            granted.clear();
            spent = 0;
        }

        private void reap() throws SQLException {
            for (var each : ended) {
                database.leases().reap(each);
            }
            ended.clear();
        }
    }
}
