package dev.warder.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Names of models that only clients have used. */
class LedgerSumsTest {
    private static final LocalDate DAY = LocalDate.parse("2026-11-20");

    private final LedgerSums sums = new LedgerSums(DAY);

    @Test
    void keepsAllThatAClientHasSpentUnderTheNameOfTheOthers() {
        asked(0, 1001, 1);
        sums.add(LedgerSums.OTHER, "main", false, spent(1000));
        var lines = sums.lines();
        assertThat(lines).hasSize(1000);
        assertThat(nanos(lines, LedgerSums.OTHER)).isEqualTo(1000 + 2);
    }

    /** More than are kept apart while they are read. */
    @Test
    void losesNothingOfVeryManyNames() {
        sums.add("claude-opus-5-5", "main", true, spent(5));
        asked(0, 20_500, 1);
        sums.add("claude-opus-5-5", "main", false, spent(7));
        sums.add("claude-haiku-4-5", "main", false, spent(9));
        sums.add("claude-haiku-4-5", "main", true, spent(1));
        var lines = sums.lines();
        assertThat(nanos(lines, "claude-opus-5-5")).isEqualTo(12);
        assertThat(nanos(lines, "claude-haiku-4-5"))
                .as("its response came later")
                .isEqualTo(1);
        assertThat(lines.values().stream().mapToLong(LedgerSumsTest::nanos).sum())
                .isEqualTo(5 + 20_500 + 7 + 9 + 1);
        assertThat(lines).hasSize(1000 + 3);
    }

    private void asked(int from, int to, long nanos) {
        for (int i = from; i < to; i++) {
            sums.add("invented-" + i, "main", false, spent(nanos));
        }
    }

    private static long nanos(Map<LineId, Comparison> lines, String model) {
        return nanos(Objects.requireNonNull(lines.get(new LineId(DAY, model, "main"))));
    }

    private static Comparison spent(long nanos) {
        return new Comparison(1, new Side(nanos, 1, 0, 0, 0, 0, 0), Side.NONE, 0);
    }

    private static long nanos(Comparison line) {
        return line.ledger().nanos();
    }
}
