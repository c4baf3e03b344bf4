package dev.warder.quota.budget;

import static dev.warder.quota.budget.Statuses.NOW;
import static dev.warder.quota.budget.Statuses.UTC;
import static dev.warder.quota.budget.Statuses.fields;
import static dev.warder.quota.budget.Statuses.status;
import static dev.warder.quota.budget.Statuses.team;
import static dev.warder.quota.budget.Statuses.terms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.http.Dialect;
import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import dev.warder.policy.BudgetMode;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.Period;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetRefusalTest {
    private static final BudgetRefusal REFUSAL =
            new BudgetRefusal(Dialect.ANTHROPIC, Optional.of("Ada, ada@example.com"));

    @Test
    void aSpentBudgetIsABillingErrorWithAllFieldsThatClaudeCodeReads() {
        var reply = REFUSAL.spent(List.of(team(Period.MONTH, 101)), NOW);
        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.type()).isEqualTo(ErrorType.BILLING);
        assertThat(reply.message())
                .isEqualTo(
                        "The budget of team payments for this month is spent; it begins again on 2026-12-01 00:00 UTC."
                                + " To raise it, contact: Ada, ada@example.com");
        assertThat(fields(reply))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "retry-after", "645904",
                        "x-should-retry", "false",
                        "*status", "rejected",
                        "*reset", "1796083200",
                        "*overage-reset", "1796083200",
                        "*overage-utilization", "1.01",
                        "*overage-surpassed-threshold", "1",
                        "*overage-period", "monthly",
                        "*overage-disabled-reason", "org_spend_cap_reached"));
    }

    @Test
    void aRestThatIsTooSmallIsNotCalledSpent() {
        var reply = REFUSAL.tooSmall(List.of(team(Period.DAY, 99)), NOW);
        assertThat(reply.type()).isEqualTo(ErrorType.BILLING);
        assertThat(reply.message())
                .startsWith(
                        "The budget of team payments for this day does not cover this request any more; it begins again"
                                + " on 2026-11-24 00:00 UTC.");
        assertThat(fields(reply))
                .containsEntry("*overage-utilization", "0.99")
                .containsEntry("*overage-surpassed-threshold", "1")
                .containsEntry("x-should-retry", "false");
    }

    @ParameterizedTest
    @CsvSource({"DAY, daily", "WEEK, weekly", "MONTH, monthly", "HOUR,", "LIFETIME,"})
    void aPeriodThatClaudeCodeDoesNotKnowIsLeftOut(Period period, String word) {
        var fields = fields(REFUSAL.spent(List.of(team(period, 100)), NOW));
        assertThat(Optional.ofNullable(fields.get("*overage-period"))).isEqualTo(Optional.ofNullable(word));
        assertThat(fields).containsEntry("*overage-disabled-reason", "org_spend_cap_reached");
    }

    @Test
    void aBudgetOfALifetimeHasNoReset() {
        var reply = REFUSAL.spent(List.of(team(Period.LIFETIME, 100)), NOW);
        assertThat(reply.message()).startsWith("The budget of team payments is spent; it does not begin again.");
        assertThat(fields(reply))
                .containsOnlyKeys(
                        "x-should-retry",
                        "*status",
                        "*overage-utilization",
                        "*overage-surpassed-threshold",
                        "*overage-disabled-reason");
    }

    /** The caller may try again only when all of them have begun again. */
    @Test
    void ofSeveralBudgetsTheOneThatBeginsAgainLastIsReported() {
        var hour = team(Period.HOUR, 100);
        var week = team(Period.WEEK, 100);
        var day = team(Period.DAY, 100);
        assertThat(REFUSAL.spent(List.of(hour, week, day), NOW).message()).contains("this week");
        assertThat(REFUSAL.spent(List.of(week, team(Period.LIFETIME, 100), day), NOW)
                        .message())
                .contains("does not begin again");
        assertThatThrownBy(() -> REFUSAL.spent(List.of(), NOW)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "ORGANIZATION, '', The budget of the organization for this month is",
        "TEAM, payments, The budget of team payments for this month is",
        "CLIENT, ada, The budget of client ada for this month is",
        "TAG, env:ci, The budget of tag env:ci for this month is",
        "MODEL, claude-opus-*, The budget of model claude-opus-* for this month is",
        "SESSION, ada/0b6f, The budget of this session for this month is"
    })
    void namesTheBudgetInWords(BudgetScope scope, String name, String words) {
        var status = status(scope, name, terms(Period.MONTH, UTC, BudgetMode.ENFORCE), 100);
        assertThat(REFUSAL.spent(List.of(status), NOW).message()).startsWith(words);
        assertThat(BudgetRefusal.waitedTooLong(status).message()).startsWith(words);
        assertThat(BudgetRefusal.lineFull(status).message()).startsWith(words);
    }

    @Test
    void neitherMessagesNorFieldsHaveTheAmount() {
        for (var reply : List.of(
                REFUSAL.spent(List.of(team(Period.DAY, 100)), NOW),
                BudgetRefusal.waitedTooLong(team(Period.DAY, 100)),
                BudgetRefusal.lineFull(team(Period.DAY, 100)))) {
            assertThat(reply.toString()).doesNotContain("100");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2026-12-01 00:00 Europe/Berlin.",
        "Z, 2026-12-01 00:00 UTC.",
        "Etc/UTC, 2026-12-01 00:00 UTC."
    })
    void theResetIsInTheZoneOfTheBudget(String zone, String shown) {
        var status = status(BudgetScope.CLIENT, "ada", terms(Period.MONTH, ZoneId.of(zone), BudgetMode.ENFORCE), 100);
        assertThat(REFUSAL.spent(List.of(status), NOW).message()).contains("begins again on " + shown);
    }

    /** A response may run longer than the window that it is charged to. */
    @ParameterizedTest
    @CsvSource({
        "2026-11-30T23:59:58.999Z, 2",
        "2026-11-30T23:59:59Z, 1",
        "2026-11-30T23:59:59.999Z, 1",
        "2026-12-01T00:00:00Z, 1",
        "2026-12-02T00:00:00Z, 1"
    })
    void theRetryIsNeverTooEarlyAndNeverAtOnce(Instant now, String seconds) {
        assertThat(fields(REFUSAL.spent(List.of(team(Period.MONTH, 100)), now))).containsEntry("retry-after", seconds);
    }

    @Test
    void withoutAContactNobodyIsNamed() {
        var reply = new BudgetRefusal(Dialect.ANTHROPIC, Optional.empty()).spent(List.of(team(Period.DAY, 100)), NOW);
        assertThat(reply.message()).endsWith(" UTC.");
    }

    @Test
    void openAisClientsGetTheSameErrorWithoutAnthropicsFields() {
        var reply = new BudgetRefusal(Dialect.OPENAI, Optional.empty()).spent(List.of(team(Period.DAY, 100)), NOW);
        assertThat(reply.type()).isEqualTo(ErrorType.BILLING);
        assertThat(fields(reply)).containsOnlyKeys("retry-after", "x-should-retry");
    }

    @Test
    void whatMayEndSoonIsToBeRetriedSoon() {
        retriedSoon(BudgetRefusal.waitedTooLong(team(Period.DAY, 1)), 429, ErrorType.RATE_LIMIT);
        retriedSoon(BudgetRefusal.lineFull(team(Period.DAY, 1)), 429, ErrorType.RATE_LIMIT);
        retriedSoon(BudgetRefusal.storeAway(), 503, ErrorType.API);
    }

    private static void retriedSoon(ErrorReply reply, int status, ErrorType type) {
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.type()).isEqualTo(type);
        assertThat(fields(reply)).containsExactly(Map.entry("retry-after", "5"));
    }
}
