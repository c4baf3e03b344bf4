package dev.warder.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.reconcile.Comparison.Side;
import dev.warder.reconcile.ReconciliationReport.LineId;
import dev.warder.reconcile.ReconciliationStore.Claim;
import dev.warder.testkit.AtOnce;
import dev.warder.testkit.ClockedDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What is kept of reconciliation, in a database of each supported kind. */
interface StoreContract {
    LocalDate DAY = LedgerSample.lastDay();

    /** When the day is due. */
    Instant NOW = DAY.plusDays(1).atTime(1, 0).toInstant(ZoneOffset.UTC);

    LineId OPUS = new LineId(DAY, "claude-opus-5-5", "main");
    LineId HAIKU = new LineId(DAY, "claude-haiku-4-5", "backup");

    /** An empty database, the same for each call of one test. */
    DataSource database();

    private ReconciliationStore store() {
        return new ReconciliationStore(database());
    }

    private Optional<Claim> claim(Instant now) throws Exception {
        return claim(DAY, now);
    }

    private Optional<Claim> claim(LocalDate day, Instant now) throws Exception {
        return new ReconciliationStore(ClockedDatabase.of(database(), () -> now)).claim(day);
    }

    private LedgerSample sample() {
        return new LedgerSample(database());
    }

    private static Comparison sides(long ledger, long report) {
        return new Comparison(3, new Side(ledger, 10, 1, 2, 3, 4, 5), new Side(report, 10, 1, 2, 3, 4, 5), 9);
    }

    /** Compares a day, as if no node had begun to before. */
    private Optional<List<ReconciliationReport.Line>> save(LocalDate day, Map<LineId, Comparison> lines)
            throws Exception {
        claim(day, NOW);
        var now = store().days(day, day).get(0).lookedAt();
        return store().save(new ReconciliationReport.Day(day, false, now, 77, 88), lines);
    }

    private Optional<List<ReconciliationReport.Line>> save(Map<LineId, Comparison> lines) throws Exception {
        return save(DAY, lines);
    }

    private static Instant at(Instant begin, long hours) {
        return begin.plus(Duration.ofHours(hours));
    }

    private boolean saved(Instant claimed, boolean settled) throws Exception {
        var day = new ReconciliationReport.Day(DAY, settled, claimed, 0, 0);
        return store().save(day, Map.of(OPUS, sides(1, 2))).isPresent();
    }

    @Test
    default void oneOfTheNodesThatStartTogetherComparesADay() throws Exception {
        for (boolean again : List.of(false, true)) {
            var now = again ? at(NOW, 48) : NOW;
            assertThat(AtOnce.run(4, node -> claim(now).isPresent()))
                    .as("again: %s", again)
                    .containsOnlyOnce(true);
            assertThat(saved(now, again)).isTrue();
        }
    }

    @Test
    default void aDayIsComparedTwice() throws Exception {
        assertThat(claim(NOW)).contains(new Claim(DAY, NOW, Instant.EPOCH, false));
        assertThat(saved(NOW, false)).isTrue();
        assertThat(claim(at(NOW, 48).minusMillis(1))).as("between both").isEmpty();
        var second = at(NOW, 48);
        assertThat(claim(second)).contains(new Claim(DAY, second, NOW, true));
        assertThat(saved(second, true)).isTrue();
        assertThat(claim(at(NOW, 500))).as("settled").isEmpty();
        assertThat(store().days(DAY, DAY)).containsExactly(new ReconciliationReport.Day(DAY, true, second, 0, 0));
    }

    @Test
    default void noNodeGetsADayThatIsNotDueByTheClockOfTheDatabase() throws Exception {
        assertThat(claim(NOW.minusMillis(1))).isEmpty();
        assertThat(claim(DAY.plusDays(1), NOW)).isEmpty();
        assertThat(store().days(DAY, DAY.plusDays(1))).isEmpty();
    }

    /** As the page about reconciliation says. */
    @Test
    default void anOperatorMayHaveASettledDayComparedAgain() throws Exception {
        claim(NOW);
        assertThat(saved(NOW, true)).isTrue();
        sample().execute(
                        "UPDATE warder_reconciliation_day SET settled = FALSE, other_tokens = -1 WHERE day_utc = DATE '"
                                + DAY + "'");
        assertThat(claim(at(NOW, 1))).isEmpty();
        assertThat(claim(at(NOW, 1).plusMillis(1))).isPresent();
    }

    @Test
    default void aClaimThatIsGivenBackIsOpenToAllAtOnce() throws Exception {
        var first = claim(NOW).orElseThrow();
        store().giveBack(first);
        var soon = NOW.plusMillis(1);
        assertThat(claim(soon)).contains(new Claim(DAY, soon, Instant.EPOCH, false));
        store().giveBack(first);
        assertThat(claim(at(NOW, 1))).as("the claim of another node stays").isEmpty();
        assertThat(saved(soon, false)).isTrue();
        store().giveBack(claim(at(NOW, 48)).orElseThrow());
        assertThat(store().days(DAY, DAY)).containsExactly(new ReconciliationReport.Day(DAY, false, soon, 0, 0));
    }

    @Test
    default void aClaimThatLedToNothingIsOpenToAllAfterAnHour() throws Exception {
        assertThat(claim(NOW)).isPresent();
        assertThat(store().days(DAY, DAY)).noneMatch(ReconciliationReport.Day::isCompared);
        assertThat(claim(at(NOW, 1))).isEmpty();
        var late = at(NOW, 1).plusMillis(1);
        assertThat(claim(late)).isPresent();
        assertThat(saved(NOW, false)).as("what the first one has found").isFalse();
        assertThat(store().lines(DAY, DAY)).isEmpty();
        assertThat(saved(late, false)).isTrue();
    }

    @Test
    default void sumsTheBilledRowsOfADayByModelAndCredential() throws Exception {
        assertThat(store().firstOfLedger()).isEmpty();
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
        assertThat(opus.ledger()).isEqualTo(new Side(300, 30, 0, 0, 0, 3, 0));
        assertThat(store().firstOfLedger()).contains(DAY.minusDays(1));
    }

    /** A client may break off many requests, each for another model that does not exist. */
    @Test
    default void namesThatOnlyClientsHaveUsedBecomeOneLineAboveANumber() throws Exception {
        assertThat(store().firstOfLedger()).isEmpty();
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
                .isEqualTo(new Side(6, 3, 0, 0, 0, 0, 0));
        assertThat(Objects.requireNonNull(sums.get(OPUS)).ledger().nanos()).isEqualTo(200);
    }

    @Test
    default void keepsADayWithAllItsNumbers() throws Exception {
        assertThat(save(Map.of(OPUS, sides(1000, 1500), HAIKU, sides(20, 20)))).isPresent();
        assertThat(store().lines(DAY, DAY))
                .containsExactly(
                        new ReconciliationReport.Line(HAIKU, sides(20, 20), 0, 0),
                        new ReconciliationReport.Line(OPUS, sides(1000, 1500), 0, 0));
        var day = store().days(DAY.minusDays(3), DAY).get(0);
        assertThat(day.otherNanos()).isEqualTo(77);
        assertThat(day.otherTokens()).isEqualTo(88);
        save(Map.of(OPUS, sides(1001, 1500)));
        assertThat(store().lines(DAY, DAY))
                .containsExactly(new ReconciliationReport.Line(OPUS, sides(1001, 1500), 0, 0));
    }

    /** Clients may send many names of models that do not exist; what cost nothing has no line, and the rest is whole. */
    @Test
    default void aDayMayHaveMoreLinesThanAList() throws Exception {
        var lines = new HashMap<LineId, Comparison>();
        for (int i = 0; i <= ReconciliationStore.MOST; i++) {
            lines.put(new LineId(DAY, "m" + i, "main"), sides(1, 2));
        }
        lines.put(new LineId(DAY, "none", "main"), new Comparison(3, Side.NONE, Side.NONE, 9));
        assertThat(save(lines).orElseThrow()).hasSize(ReconciliationStore.MOST + 1);
        assertThat(save(lines).orElseThrow()).as("the same again").hasSize(ReconciliationStore.MOST + 1);
        assertThat(store().lines(DAY, DAY)).hasSize(ReconciliationStore.MOST);
    }

    /** As an earlier version leaves it: a day that is open, with looks, a lease and bookings. */
    @Test
    default void whatAnEarlierVersionHasBookedStaysBooked() throws Exception {
        save(Map.of(OPUS, sides(1000, 1500), HAIKU, sides(20, 30)));
        sample().execute("UPDATE warder_reconciliation_line SET booked_nanos = 500, bookings = 1 WHERE model = '"
                + OPUS.model() + "'");
        sample().execute("INSERT INTO warder_adjustment (day_utc, model, credential, booking, nanos, reason, made_by,"
                + " made_at) SELECT day_utc, model, credential, 1, 500, 'invoice', 'ada', CURRENT_TIMESTAMP"
                + " FROM warder_reconciliation_line WHERE bookings = 1");
        sample().execute("INSERT INTO warder_reconciliation_lease (name, run, ends_at)"
                + " VALUES ('look', 'run', CURRENT_TIMESTAMP)");
        assertThat(store().lines(DAY, DAY).get(1).isBooked()).isTrue();
        save(Map.of(OPUS, sides(1000, 1500), HAIKU, sides(20, 30)));
        assertThat(store().lines(DAY, DAY))
                .containsExactly(
                        new ReconciliationReport.Line(HAIKU, sides(20, 30), 0, 0),
                        new ReconciliationReport.Line(OPUS, sides(1000, 1500), 500, 1));
        var gone = save(Map.of()).orElseThrow();
        assertThat(gone)
                .as("a line that disappears")
                .containsExactly(new ReconciliationReport.Line(OPUS, Comparison.NONE, 500, 1))
                .isEqualTo(store().lines(DAY, DAY));
        assertThat(gone.get(0).open()).isEqualTo(-500);
        assertThat(sample().number("SELECT SUM(nanos) FROM warder_adjustment")).isEqualTo(500);
    }

    @Test
    default void listsTheLastDayFirst() throws Exception {
        var before = new LineId(DAY.minusDays(1), "claude-opus-5-5", "main");
        save(Map.of(OPUS, sides(1, 2)));
        save(DAY.minusDays(1), Map.of(before, sides(1, 2)));
        assertThat(store().lines(DAY.minusDays(1), DAY))
                .extracting(ReconciliationReport.Line::id)
                .isEqualTo(List.of(OPUS, before));
        assertThat(store().days(DAY.minusDays(1), DAY))
                .extracting(ReconciliationReport.Day::day)
                .containsExactly(DAY.minusDays(1), DAY);
    }
}
