package dev.warder.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.reconciliation.report.Counts;
import dev.warder.reconciliation.store.Comparison;
import dev.warder.reconciliation.store.DayVersion;
import dev.warder.reconciliation.store.LineId;
import dev.warder.reconciliation.store.ReconciliationLine;
import dev.warder.reconciliation.store.Side;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The version of a day among those of a range. */
class ReconciliationReportTest {
    private static final LocalDate LAST = LocalDate.parse("2026-11-20");

    @Test
    void isThatOfTheLinesOfTheDay() {
        var lines = new ArrayList<ReconciliationLine>();
        for (int back = 0; back < 5; back++) {
            for (int i = 0; i < back; i++) {
                lines.add(line(LAST.minusDays(back), "m" + i, 10 * back + i));
            }
        }
        var report = report(lines, false);
        for (int back = 0; back < 7; back++) {
            var day = LAST.minusDays(back);
            var own = lines.stream().filter(line -> line.id().day().equals(day)).toList();
            assertThat(report.version(day)).as("%s", day).contains(DayVersion.of(own));
        }
    }

    @Test
    void isUnknownForTheDayThatIsCut() {
        var report = report(List.of(line(LAST, "m", 1), line(LAST.minusDays(1), "m", 1)), true);
        assertThat(report.version(LAST)).isPresent();
        assertThat(report.version(LAST.minusDays(1))).isEmpty();
        assertThat(report.version(LAST.minusDays(2))).isEmpty();
    }

    private static ReconciliationReport report(List<ReconciliationLine> lines, boolean cut) {
        return new ReconciliationReport(LAST.minusDays(9), LAST, List.of(), lines, cut, ReconciliationStatus.BEFORE);
    }

    private static ReconciliationLine line(LocalDate day, String model, long nanos) {
        var counts = new Counts(1, 0, 0, 0, 1, 0);
        var sides = new Comparison(1, new Side(nanos, counts), new Side(2 * nanos, counts), 0);
        return new ReconciliationLine(new LineId(day, model, "main"), sides, 0, 0);
    }
}
