package dev.warder.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.reconciliation.store.ReconciliationDay;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DaysDueTest {
    private static final Instant NOW = Instant.parse("2026-11-22T15:00:00Z");
    private static final LocalDate LAST = LocalDate.parse("2026-11-21");
    private static final DaysDue DUE = new DaysDue(Duration.ofDays(400));

    private static ReconciliationDay day(LocalDate day, boolean settled, Duration ago) {
        return new ReconciliationDay(day, settled, NOW.minus(ago), 0, 0);
    }

    private static List<LocalDate> due(DaysDue due, List<ReconciliationDay> known, String ledger) {
        return due.of(
                NOW,
                known,
                Optional.of(ledger).filter(each -> !each.isEmpty()).map(LocalDate::parse),
                Optional.empty());
    }

    @Test
    void beginsWithTheFirstDayOfTheLedger() {
        assertThat(due(DUE, List.of(), "2026-11-19")).containsExactly(LAST.minusDays(2), LAST.minusDays(1), LAST);
        assertThat(due(DUE, List.of(), "")).as("an empty ledger").containsExactly(LAST);
        assertThat(due(DUE, List.of(), "2026-11-22"))
                .as("a ledger that begins today")
                .isEmpty();
    }

    @Test
    void goesBackAMonthAtMostAndNotWhereTheLedgerHasDeletedRows() {
        assertThat(due(DUE, List.of(), "2026-01-01"))
                .hasSize(31)
                .startsWith(LAST.minusDays(30))
                .endsWith(LAST);
        assertThat(due(new DaysDue(Duration.ofDays(3)), List.of(), "2026-01-01"))
                .as("on 2026-11-19 rows before 15:00 are deleted")
                .containsExactly(LAST.minusDays(1), LAST);
    }

    @Test
    void waitsAnHourAfterTheEndOfADay() {
        var early = Instant.parse("2026-11-22T00:59:59Z");
        assertThat(DUE.of(early, List.of(), Optional.of(LAST.minusDays(1)), Optional.empty()))
                .containsExactly(LAST.minusDays(1));
    }

    @Test
    void looksAgainAtOpenDaysTwiceADayAndCatchesUp() {
        var known = List.of(
                day(LAST.minusDays(5), true, Duration.ofDays(2)),
                day(LAST.minusDays(4), false, Duration.ofHours(13)),
                day(LAST.minusDays(3), false, Duration.ofHours(11)));
        assertThat(due(DUE, known, "2026-11-16"))
                .containsExactly(LAST.minusDays(4), LAST.minusDays(2), LAST.minusDays(1), LAST);
    }

    @Test
    void looksAtWhatAnAdministratorAsksFor() {
        var known = List.of(day(LAST.minusDays(1), true, Duration.ZERO), day(LAST, false, Duration.ZERO));
        assertThat(DUE.of(NOW, known, Optional.empty(), Optional.of(Optional.empty())))
                .as("all that are not settled")
                .containsExactly(LAST);
        var range = new DaysDue.Asked(LAST.minusDays(9), LAST.minusDays(1));
        assertThat(DUE.of(NOW, known, Optional.empty(), Optional.of(Optional.of(range))))
                .as("settled ones too")
                .containsExactly(LAST.minusDays(1));
    }
}
