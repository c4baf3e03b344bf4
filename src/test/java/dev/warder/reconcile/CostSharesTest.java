package dev.warder.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.reconcile.Comparison.Side;
import dev.warder.reconcile.CostShares.Cell;
import dev.warder.reconcile.CostShares.Line;
import dev.warder.reconcile.ReconciliationReport.LineId;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostSharesTest {
    private static final LocalDate DAY = LocalDate.parse("2026-11-20");
    private static final Cell OPUS = cell("", "claude-opus-5-5", "standard");
    private static final Cell OTHER_WORKSPACE = cell("wrkspc_1", "claude-opus-5-5", "standard");

    private final CostShares shares = new CostShares(DAY);

    private static Cell cell(String workspace, String model, String tier) {
        return new Cell(workspace, model, tier, "0-200k", "not_available");
    }

    private static Side tokens(long input, long output) {
        return new Side(0, input, 0, 0, 0, output, 0);
    }

    private static Line line(Cell cell, String kind, String cents) {
        return new Line(cell, "tokens", kind, new BigDecimal(cents).movePointRight(7));
    }

    private Comparison share(String credential) {
        return shares.report().shares().getOrDefault(new LineId(DAY, "claude-opus-5-5", credential), Comparison.NONE);
    }

    @Test
    void dividesALineByTokensOfItsKind() {
        shares.addTotal(OPUS, tokens(1000, 100));
        shares.add(OPUS, "main", tokens(250, 100));
        shares.add(OPUS, "backup", tokens(500, 0));
        shares.add(line(OPUS, "uncached_input_tokens", "0.4"));
        shares.add(line(OPUS, "output_tokens", "0.2"));
        assertThat(share("main").report().nanos()).isEqualTo(3_000_000);
        assertThat(share("backup").report().nanos()).isEqualTo(2_000_000);
        assertThat(shares.report().otherNanos()).isEqualTo(1_000_000);
        assertThat(shares.report().otherTokens()).isEqualTo(250);
        assertThat(share("main").report()).isEqualTo(new Side(3_000_000, 250, 0, 0, 0, 100, 0));
    }

    @Test
    void partsAddUpToTheLine() {
        shares.addTotal(OPUS, tokens(3, 0));
        shares.add(OPUS, "a", tokens(1, 0));
        shares.add(OPUS, "b", tokens(1, 0));
        shares.add(OPUS, "c", tokens(1, 0));
        shares.add(line(OPUS, "uncached_input_tokens", "0.0000001"));
        shares.add(line(OPUS, "uncached_input_tokens", "10.0000001"));
        long sum = share("a").report().nanos()
                + share("b").report().nanos()
                + share("c").report().nanos();
        assertThat(sum + shares.report().otherNanos()).isBetween(100_000_001L, 100_000_003L);
    }

    @Test
    void workspacesAndTiersHaveTheirOwnLines() {
        var batch = cell("", "claude-opus-5-5", "batch");
        shares.addTotal(OPUS, tokens(100, 0));
        shares.addTotal(OTHER_WORKSPACE, tokens(100, 0));
        shares.addTotal(batch, tokens(100, 0));
        shares.add(OPUS, "main", tokens(100, 0));
        shares.add(line(OTHER_WORKSPACE, "uncached_input_tokens", "7"));
        shares.add(line(batch, "uncached_input_tokens", "5"));
        shares.add(line(OPUS, "uncached_input_tokens", "3"));
        assertThat(share("main").report().nanos()).isEqualTo(30_000_000);
        assertThat(shares.report().otherNanos()).isEqualTo(120_000_000);
    }

    /** The cost report has no place of the inference, and models with a date. */
    @Test
    void comparesByFewerPartsWhatHasNoUsage() {
        var us = new Cell("", "claude-opus-5-5-20260101", "standard", "0-200k", "us");
        var global = new Cell("", "claude-opus-5-5-20260101", "standard", "0-200k", "global");
        shares.addTotal(us, tokens(100, 0));
        shares.addTotal(global, tokens(300, 0));
        shares.add(us, "main", tokens(100, 0));
        shares.add(new Line(
                new Cell("", "claude-opus-5-5", "standard", "", ""),
                "tokens",
                "uncached_input_tokens",
                new BigDecimal("40000000")));
        assertThat(share("main").report().nanos()).isEqualTo(10_000_000);
    }

    @Test
    void searchesAreDividedBySearches() {
        var searched = new Side(0, 10, 0, 0, 0, 10, 3);
        shares.addTotal(OPUS, searched.plus(new Side(0, 0, 0, 0, 0, 0, 1)));
        shares.add(OPUS, "main", searched);
        shares.add(new Line(new Cell("", "", "", "", ""), "web_search", "", new BigDecimal("40000000")));
        assertThat(share("main").report().nanos()).isEqualTo(30_000_000);
    }

    @Test
    void whatNoUsageExplainsBelongsToNoCredential() {
        shares.addTotal(OPUS, tokens(10, 10));
        shares.add(OPUS, "main", tokens(10, 10));
        shares.add(new Line(new Cell("", "", "", "", ""), "code_execution", "", new BigDecimal("5")));
        shares.add(line(cell("", "claude-haiku-4-5", "standard"), "output_tokens", "1"));
        shares.add(line(OPUS, "a_new_kind_of_tokens", "1"));
        assertThat(share("main").report().nanos()).isZero();
        assertThat(shares.report().otherNanos()).isEqualTo(20_000_005);
    }

    /** The reports are read one after the other. */
    @Test
    void totalsThatAreOlderThanTheirPartsDoNotMultiplyACost() {
        shares.addTotal(OPUS, tokens(50, 0));
        shares.add(OPUS, "main", tokens(100, 0));
        shares.add(line(OPUS, "uncached_input_tokens", "1"));
        assertThat(share("main").report().nanos()).isEqualTo(10_000_000);
        assertThat(shares.report().otherNanos()).isZero();
    }

    /** Names of models that only clients have used. */
    @Nested
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

    @Nested
    class LineIdTest {
        @ParameterizedTest
        @CsvSource({
            "claude-opus-5-5, claude-opus-5-5",
            "claude-opus-5-5-20261101, claude-opus-5-5",
            "claude-opus-5-5-20261101x, claude-opus-5-5-20261101x",
            "'claude-opus-5-5 ', claude-opus-5-5",
            "'\u200bclaude-opus-5-5-20261101\u00a0', claude-opus-5-5",
            "'a\n\tb', a b",
            "x -20261101, x",
            "' ', (none)",
            "'', (none)",
            "-20261101, (none)"
        })
        void aModelIsComparedWithoutItsDateAndWhatIsInvisible(String sent, String compared) {
            assertThat(LineId.modelName(sent)).isEqualTo(compared);
        }

        @ParameterizedTest
        @CsvSource({"256, 256", "257, 256"})
        void aModelHasAtMostAsManyCharactersAsItsColumn(int sent, int kept) {
            assertThat(LineId.modelName("m".repeat(sent))).hasSize(kept);
        }
    }
}
