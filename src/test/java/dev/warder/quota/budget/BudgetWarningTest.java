package dev.warder.quota.budget;

import static dev.warder.quota.budget.Statuses.UTC;
import static dev.warder.quota.budget.Statuses.fields;
import static dev.warder.quota.budget.Statuses.status;
import static dev.warder.quota.budget.Statuses.team;
import static dev.warder.quota.budget.Statuses.terms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.http.Dialect;
import dev.warder.http.Field;
import dev.warder.policy.Budget;
import dev.warder.policy.BudgetMode;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.BudgetTerms;
import dev.warder.policy.OnExhausted;
import dev.warder.policy.Period;
import dev.warder.quota.budget.Thresholds.Threshold;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetWarningTest {
    @Test
    void hasAllFieldsThatClaudeCodeReads() {
        assertThat(fields(warning(team(Period.MONTH, 82))))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "*status", "allowed_warning",
                        "*representative-claim", "overage",
                        "*overage-status", "allowed_warning",
                        "*reset", "1796083200",
                        "*overage-reset", "1796083200",
                        "*overage-utilization", "0.82",
                        "*overage-surpassed-threshold", "0.8"));
    }

    @Test
    void aBudgetOfALifetimeHasNoReset() {
        assertThat(fields(warning(team(Period.LIFETIME, 82))))
                .containsEntry("*status", "allowed_warning")
                .doesNotContainKeys("*reset", "*overage-reset");
    }

    @ParameterizedTest
    @CsvSource({"0, ", "74, ", "75, 0.75", "79, 0.75", "80, 0.8", "89, 0.8", "90, 0.9", "100, 0.9", "250, 0.9"})
    void theHighestThresholdThatIsReachedCounts(long used, String threshold) {
        assertThat(Optional.ofNullable(fields(warning(team(Period.MONTH, used))).get("*overage-surpassed-threshold")))
                .isEqualTo(Optional.ofNullable(threshold));
    }

    @Test
    void theGreatestShareIsReportedWhateverThePeriod() {
        var fields = fields(warning(team(Period.MONTH, 76), team(Period.DAY, 91), team(Period.WEEK, 85)));
        assertThat(fields).containsEntry("*overage-utilization", "0.91").containsEntry("*reset", "1795478400");
    }

    @Test
    void clientsNoticeBudgetsThatWarnButNoShadow() {
        var shadow = status(BudgetScope.CLIENT, "ada", terms(Period.DAY, UTC, BudgetMode.SHADOW), 95);
        var warns = status(BudgetScope.CLIENT, "ada", terms(Period.DAY, UTC, BudgetMode.WARN), 105);
        assertThat(warning(shadow)).isEmpty();
        assertThat(fields(warning(shadow, warns)))
                .containsEntry("*overage-utilization", "1.05")
                .containsEntry("*overage-surpassed-threshold", "0.9");
    }

    @Test
    void openAisDialectHasNoSuchFields() {
        assertThat(BudgetWarning.fields(List.of(team(Period.DAY, 95)), Dialect.OPENAI))
                .isEmpty();
        assertThat(warning()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 1",
        "0, 5, 1",
        "100, 0, 0",
        "3, 1, 0.3333",
        "1000000, 1, 0",
        "100000, 99999, 0.9999",
        "10, 100, 10",
        "999999999999999999, 999999999999999999, 1",
        "1, 9223372036854775807, 9223372036854775807"
    })
    void theShareIsRoundedDownToFourDecimals(long amount, long used, String share) {
        assertThat(of(amount, used).utilization().toPlainString()).isEqualTo(share);
    }

    /** Products of such amounts do not fit into a long. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, PERCENT_90",
        "1, 0, ",
        "1, 1, PERCENT_90",
        "7, 5, ",
        "7, 6, PERCENT_80",
        "7, 7, PERCENT_90",
        "999999999999999999, 749999999999999999, ",
        "999999999999999999, 750000000000000000, PERCENT_75",
        "999999999999999999, 899999999999999999, PERCENT_80",
        "999999999999999999, 900000000000000000, PERCENT_90",
        "1, 9223372036854775807, PERCENT_90"
    })
    void thresholdsAreExact(long amount, long used, Threshold expected) {
        assertThat(Threshold.reached(used, amount)).isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void nothingIsUsedLessThanNotAtAll() {
        assertThatThrownBy(() -> of(1, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static BudgetStatus of(long amount, long used) {
        var terms = new BudgetTerms(amount, Period.DAY, UTC, BudgetMode.ENFORCE, OnExhausted.CUT);
        return new BudgetStatus(new Budget(BudgetScope.CLIENT, "ada", terms), terms.windowAt(Statuses.NOW), used);
    }

    private static List<Field> warning(BudgetStatus... charged) {
        return BudgetWarning.fields(List.of(charged), Dialect.ANTHROPIC);
    }
}
