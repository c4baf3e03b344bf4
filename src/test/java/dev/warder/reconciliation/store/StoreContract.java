package dev.warder.reconciliation.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.reconciliation.report.Counts;
import dev.warder.testkit.BudgetCheck;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What is kept of reconciliation, in a database of each supported kind. */
interface StoreContract {
    UUID ONE = new UUID(0, 1);
    UUID OTHER = new UUID(0, 2);
    LocalDate DAY = LedgerSample.lastDay();
    LineId OPUS = new LineId(DAY, "claude-opus-5-5", "main");
    LineId HAIKU = new LineId(DAY, "claude-haiku-4-5", "backup");
    Set<PeriodKey> PERIODS = Set.of(
            new PeriodKey("organization/day", Instant.parse("2026-11-20T00:00:00Z")),
            new PeriodKey("organization/month", Instant.parse("2026-11-01T00:00:00Z")));

    /** An empty database, the same for each call of one test. */
    DataSource database();

    private ReconciliationStore store() {
        return new ReconciliationStore(database());
    }

    private LedgerSample sample() {
        return new LedgerSample(database());
    }

    private static Comparison sides(long ledger, long report) {
        return new Comparison(
                3, new Side(ledger, new Counts(10, 1, 2, 3, 4, 5)), new Side(report, new Counts(10, 1, 2, 3, 4, 5)), 9);
    }

    private ReconciliationStore.Saved save(Map<LineId, Comparison> lines) throws Exception {
        return save(DAY, lines);
    }

    private ReconciliationStore.Saved save(LocalDate day, Map<LineId, Comparison> lines) throws Exception {
        store().take(ONE);
        return store().save(ONE, new DayLook(day, lines, 77, 88));
    }

    private static BookingRequest all(String reason) {
        return new BookingRequest(Optional.empty(), Optional.empty(), reason, "admin.token (ada) from 127.0.0.1");
    }

    /** What was booked. */
    record Sum(int lines, long nanos) {}

    private Sum book(BookingRequest request, Set<PeriodKey> periods) throws Exception {
        return locked(
                bookings -> {
                    var booked = bookings.book(request);
                    return new Sum(booked.lines().size(), booked.nanos());
                },
                periods);
    }

    private String version() throws Exception {
        return locked(Bookings::version, Set.of());
    }

    /** Something that is done with a day that is locked. */
    interface Work<T> {
        T with(Bookings bookings) throws SQLException;
    }

    private <T> T locked(Work<T> work, Set<PeriodKey> periods) throws Exception {
        return new RepeatableTransactions(database(), DatabaseSchema.Tables.RECONCILIATION)
                .run(connection ->
                        work.with(Bookings.of(connection, DAY, periods).orElseThrow()));
    }

    @Test
    default void onlyOneRunHasTheLease() throws Exception {
        assertThat(store().take(ONE)).isPresent();
        assertThat(store().take(ONE)).as("its own").isPresent();
        assertThat(store().take(OTHER)).isEmpty();
        assertThat(store().renew(OTHER)).isFalse();
        store().end(OTHER);
        assertThat(store().renew(ONE)).isTrue();
        store().end(ONE);
        assertThat(store().renew(ONE)).isFalse();
        assertThat(store().take(OTHER)).isPresent();
    }

    @Test
    default void aLeaseThatHasEndedIsTakenByAnotherRun() throws Exception {
        store().take(ONE);
        sample().execute("UPDATE warder_reconciliation_lease SET ends_at = ends_at - INTERVAL '181' SECOND");
        assertThat(store().take(OTHER)).isPresent();
        var late = store().save(ONE, new DayLook(DAY, Map.of(OPUS, sides(1, 2)), 0, 0));
        assertThat(late.saved()).as("what the first one writes after that").isFalse();
        assertThat(store().days(DAY, DAY)).isEmpty();
    }

    @Test
    default void nodesThatStartTogetherShareOneLease() throws Exception {
        int nodes = 4;
        var start = new CyclicBarrier(nodes);
        var store = store();
        var threads = Executors.newFixedThreadPool(nodes);
        try {
            var taken = threads.invokeAll(IntStream.range(0, nodes)
                    .mapToObj(node -> (Callable<Boolean>) () -> {
                        start.await();
                        return store.take(new UUID(1, node)).isPresent();
                    })
                    .toList());
            int count = 0;
            for (var each : taken) {
                count += each.get() ? 1 : 0;
            }
            assertThat(count).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    default void sumsTheBilledRowsOfADayByModelAndCredential() throws Exception {
        store().take(ONE);
        var sample = sample();
        sample.add(DAY, 0, "main", "claude-opus-5-5", 10, 1, 100);
        sample.add(DAY, 23, "main", "claude-opus-5-5-20260101", 20, 2, 200);
        sample.add(DAY, 12, "main", "claude-haiku-4-5", 5, 5, 50);
        sample.add(DAY, 12, "backup", "claude-opus-5-5", 7, 7, 70);
        sample.add(DAY, 12, "client", "claude-opus-5-5", 9, 9, 90);
        sample.addUnbilled(DAY, "main", "claude-opus-5-5", 1000);
        sample.add(DAY.minusDays(1), 23, "main", "claude-opus-5-5", 30, 3, 300);
        sample.add(DAY.plusDays(1), 0, "main", "claude-opus-5-5", 40, 4, 400);
        var sums = store().ledger(DAY, Set.of("main", "backup"));
        assertThat(sums).hasSize(3);
        var opus = Objects.requireNonNull(sums.get(OPUS));
        assertThat(opus.rows()).isEqualTo(2);
        assertThat(opus.ledger()).isEqualTo(new Side(300, new Counts(30, 0, 0, 0, 3, 0)));
        assertThat(store().firstOfLedger()).contains(DAY.minusDays(1));
    }

    /** A client may break off many requests, each for another model that does not exist. */
    @Test
    default void namesThatOnlyClientsHaveUsedBecomeOneLineAboveANumber() throws Exception {
        store().take(ONE);
        var sample = sample();
        var invented = IntStream.range(0, 1002)
                .mapToObj(i -> "a-invented-" + (1000 + i))
                .toList();
        sample.addAsked(DAY, "main", invented, 1, 2);
        sample.addAsked(DAY, "main", List.of("z-largest"), 1, 3);
        sample.addAsked(DAY, "main", List.of("refused"), 0, 0);
        sample.addAsked(DAY, "main", List.of("claude-opus-5-5"), 10, 100);
        sample.add(DAY, 14, "main", "claude-opus-5-5", 10, 1, 100);
        var sums = store().ledger(DAY, Set.of("main"));
        assertThat(sums.size()).isEqualTo(1000 + 2);
        assertThat(sums).containsKey(new LineId(DAY, "z-largest", "main"));
        assertThat(Objects.requireNonNull(sums.get(new LineId(DAY, "(other models)", "main")))
                        .ledger())
                .isEqualTo(new Side(6, new Counts(3, 0, 0, 0, 0, 0)));
        assertThat(Objects.requireNonNull(sums.get(OPUS)).ledger().nanos()).isEqualTo(200);
    }

    @Test
    default void keepsADayWithAllItsNumbers() throws Exception {
        var saved = save(Map.of(OPUS, sides(1000, 1500), HAIKU, sides(20, 20)));
        assertThat(saved.changed()).isTrue();
        assertThat(saved.settled()).isFalse();
        assertThat(store().lines(DAY, DAY))
                .containsExactly(
                        new ReconciliationLine(HAIKU, sides(20, 20), 0, 0),
                        new ReconciliationLine(OPUS, sides(1000, 1500), 0, 0));
        var day = store().days(DAY.minusDays(3), DAY).get(0);
        assertThat(day.otherNanos()).isEqualTo(77);
        assertThat(day.otherTokens()).isEqualTo(88);
        assertThat(save(Map.of(OPUS, sides(1000, 1500), HAIKU, sides(20, 20))).changed())
                .as("the same again")
                .isFalse();
        assertThat(save(Map.of(OPUS, sides(1001, 1500))).changed()).isTrue();
        assertThat(store().lines(DAY, DAY)).hasSize(1);
    }

    /** Clients may send many names of models that do not exist; what cost nothing has no line, and the rest is whole. */
    @Test
    default void aDayMayHaveMoreLinesThanAList() throws Exception {
        var lines = new HashMap<LineId, Comparison>();
        for (int i = 0; i <= ReconciliationStore.MOST; i++) {
            lines.put(new LineId(DAY, "m" + i, "main"), sides(1, 2));
        }
        lines.put(new LineId(DAY, "none", "main"), new Comparison(3, Side.NONE, Side.NONE, 9));
        save(lines);
        assertThat(save(lines).changed()).as("the same again").isFalse();
        assertThat(store().lines(DAY, DAY)).hasSize(ReconciliationStore.MOST);
        assertThat(book(all("all of them"), Set.of())).isEqualTo(new Sum(lines.size() - 1, lines.size() - 1));
    }

    @Test
    default void aDayIsSettledWhenItsReportsStayTheSame() throws Exception {
        var old = DAY.minusDays(3);
        var line = new LineId(old, "claude-opus-5-5", "main");
        assertThat(save(old, Map.of(line, sides(1, 1))).settled())
                .as("first look")
                .isFalse();
        assertThat(save(old, Map.of(line, sides(1, 2))).settled())
                .as("another report")
                .isFalse();
        assertThat(save(old, Map.of(line, sides(1, 2))).settled()).isTrue();
        assertThat(save(DAY, Map.of(OPUS, sides(1, 2))).settled()).isFalse();
        assertThat(save(DAY, Map.of(OPUS, sides(1, 2))).settled())
                .as("too young")
                .isFalse();
        assertThat(save(DAY.minusDays(8), Map.of()).settled()).as("a week old").isTrue();
    }

    @Test
    default void booksEachDifferenceOnce() throws Exception {
        save(Map.of(OPUS, sides(1000, 1500), HAIKU, sides(20, 20)));
        assertThat(book(all("invoice"), PERIODS)).isEqualTo(new Sum(1, 500));
        assertThat(book(all("again"), PERIODS)).isEqualTo(new Sum(0, 0));
        assertThat(store().adjustments(DAY, DAY)).singleElement().satisfies(adjustment -> {
            assertThat(adjustment.id()).isEqualTo(OPUS);
            assertThat(adjustment.nanos()).isEqualTo(500);
            assertThat(adjustment.reason()).isEqualTo("invoice");
            assertThat(adjustment.by()).isEqualTo("admin.token (ada) from 127.0.0.1");
        });
        assertThat(store().lines(DAY, DAY).get(1).isBooked()).isTrue();
        assertThat(sample().number("SELECT SUM(nanos) FROM warder_budget_adjustment"))
                .isEqualTo(1000);
        assertThat(sample().number("SELECT SUM(spent + overage) FROM warder_budget_period"))
                .isEqualTo(1000);
        BudgetCheck.agrees(database());
    }

    @Test
    default void booksTheChangeOfANumberThatComesLate() throws Exception {
        save(Map.of(OPUS, sides(1000, 1500)));
        book(all("first"), PERIODS);
        save(Map.of(OPUS, sides(1000, 1300)));
        assertThat(store().lines(DAY, DAY).get(0).isBooked())
                .as("after the change")
                .isFalse();
        assertThat(book(all("second"), PERIODS)).isEqualTo(new Sum(1, -200));
        assertThat(store().adjustments(DAY, DAY))
                .extracting(Adjustment::booking, Adjustment::nanos)
                .containsExactly(tuple(1, 500L), tuple(2, -200L));
        assertThat(sample().number("SELECT SUM(spent + overage) FROM warder_budget_period"))
                .isEqualTo(600);
        BudgetCheck.agrees(database());
        save(Map.of());
        assertThat(store().lines(DAY, DAY))
                .as("a line that disappears keeps its bookings")
                .hasSize(1);
        assertThat(book(all("third"), PERIODS)).isEqualTo(new Sum(1, -300));
        assertThat(sample().number("SELECT SUM(spent + overage) FROM warder_budget_period"))
                .isZero();
        BudgetCheck.agrees(database());
    }

    @Test
    default void booksOnlyWhatIsAskedFor() throws Exception {
        save(Map.of(OPUS, sides(1000, 1500), HAIKU, sides(20, 10)));
        var request = new BookingRequest(Optional.of("claude-haiku-4-5"), Optional.empty(), "reason", "by");
        assertThat(book(request, Set.of())).isEqualTo(new Sum(1, -10));
        var other = new BookingRequest(Optional.empty(), Optional.of("backup"), "reason", "by");
        var none = new BookingRequest(Optional.of("claude-haiku-4-5"), Optional.of("main"), "reason", "by");
        List<Boolean> has = locked(bookings -> List.of(bookings.has(request), bookings.has(none)), Set.of());
        assertThat(has).containsExactly(true, false);
        assertThat(book(other, Set.of())).isEqualTo(new Sum(0, 0));
        assertThat(book(all("rest"), Set.of())).isEqualTo(new Sum(1, 500));
        var transactions = new RepeatableTransactions(database(), DatabaseSchema.Tables.RECONCILIATION);
        boolean isCompared = transactions.run(connection ->
                Bookings.of(connection, DAY.minusDays(1), Set.of()).isPresent());
        assertThat(isCompared).isFalse();
    }

    @Test
    default void theVersionChangesWithEachLineAndBooking() throws Exception {
        save(Map.of(OPUS, sides(1000, 1500), HAIKU, sides(20, 10)));
        var versions = new HashSet<>(Set.of(version()));
        assertThat(DayVersion.of(store().lines(DAY, DAY))).isEqualTo(version());
        save(Map.of(OPUS, sides(1000, 1499), HAIKU, sides(20, 11)));
        assertThat(versions.add(version()))
                .as("other amounts with the same sum")
                .isTrue();
        save(Map.of(OPUS, sides(1001, 1500), HAIKU, sides(30, 21)));
        assertThat(versions.add(version())).as("the same is open").isFalse();
        book(all("first"), Set.of());
        assertThat(versions.add(version())).isTrue();
        save(Map.of(OPUS, sides(1001, 1999), HAIKU, sides(30, 12)));
        assertThat(versions.add(version())).as("as much again after a booking").isTrue();
    }

    @Test
    default void aNegativeAmountTakesBackOverageFirstAndNoMoreThanWasSpent() throws Exception {
        var other = new LineId(DAY, "claude-sonnet-5-5", "main");
        save(Map.of(OPUS, sides(1000, 400), HAIKU, sides(0, 500)));
        var week = new PeriodKey("organization/week", Instant.parse("2026-11-16T00:00:00Z"));
        book(new BookingRequest(Optional.of(HAIKU.model()), Optional.empty(), "r", "b"), Set.of(week));
        sample().execute("UPDATE warder_budget_period SET spent = 300, overage = 200");
        save(Map.of(OPUS, sides(1000, 750), HAIKU, sides(0, 500), other, sides(300, 0)));
        book(new BookingRequest(Optional.of(OPUS.model()), Optional.empty(), "r", "b"), Set.of(week));
        assertThat(sample().number("SELECT spent FROM warder_budget_period")).isEqualTo(250);
        assertThat(sample().number("SELECT overage FROM warder_budget_period")).isZero();
        BudgetCheck.agrees(database());
        book(all("more than was spent"), Set.of(week));
        assertThat(sample().number("SELECT spent FROM warder_budget_period")).isZero();
        BudgetCheck.agrees(database());
    }

    @Test
    default void administratorsWhoBookAtTheSameTimeBookOnce() throws Exception {
        int callers = 4;
        save(Map.of(OPUS, sides(1000, 1500), HAIKU, sides(20, 10)));
        var start = new CyclicBarrier(callers);
        var threads = Executors.newFixedThreadPool(callers);
        try {
            var booked = threads.invokeAll(IntStream.range(0, callers)
                    .mapToObj(caller -> (Callable<Integer>) () -> {
                        start.await();
                        return book(all("caller " + caller), PERIODS).lines();
                    })
                    .toList());
            int lines = 0;
            for (var each : booked) {
                lines += each.get();
            }
            assertThat(lines).isEqualTo(2);
        } finally {
            threads.shutdownNow();
        }
        assertThat(store().adjustments(DAY, DAY)).hasSize(2);
        assertThat(sample().number("SELECT SUM(spent + overage) FROM warder_budget_period"))
                .isEqualTo(980);
        BudgetCheck.agrees(database());
    }

    @Test
    default void listsTheLastDayFirst() throws Exception {
        var before = new LineId(DAY.minusDays(1), "claude-opus-5-5", "main");
        save(Map.of(OPUS, sides(1, 2)));
        save(DAY.minusDays(1), Map.of(before, sides(1, 2)));
        assertThat(store().lines(DAY.minusDays(1), DAY))
                .extracting(ReconciliationLine::id)
                .isEqualTo(List.of(OPUS, before));
        assertThat(store().days(DAY.minusDays(1), DAY))
                .extracting(ReconciliationDay::day)
                .containsExactly(DAY.minusDays(1), DAY);
    }
}
