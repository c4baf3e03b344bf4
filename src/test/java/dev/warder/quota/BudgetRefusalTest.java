package dev.warder.quota;

import static dev.warder.quota.SampleBudgets.DOLLAR;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.config.Sources;
import dev.warder.http.Dialect;
import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import dev.warder.http.Field;
import dev.warder.policy.Budget;
import dev.warder.policy.Period;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetRefusalTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:34:56.5Z");
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final String UNIFIED = "anthropic-ratelimit-unified-";
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
        assertThat(REFUSAL.tooSmall(List.of(team(Period.DAY, 99)), NOW).message())
                .startsWith("The budget of team payments for this day does not cover this request any more; it begins");
    }

    @ParameterizedTest
    @CsvSource({"DAY, daily", "WEEK, weekly", "MONTH, monthly", "HOUR,", "LIFETIME,"})
    void aPeriodThatClaudeCodeDoesNotKnowIsLeftOut(Period period, String word) {
        var fields = fields(REFUSAL.spent(List.of(team(period, 100)), NOW));
        assertThat(Optional.ofNullable(fields.get("*overage-period"))).isEqualTo(Optional.ofNullable(word));
        assertThat(fields).containsEntry("*overage-disabled-reason", "org_spend_cap_reached");
        assertThat(fields.keySet().stream().filter(name -> name.endsWith("reset") || name.equals("retry-after")))
                .hasSize(period == Period.LIFETIME ? 0 : 3);
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
                .startsWith("The budget of team payments is spent; it does not begin again.");
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
    void namesTheBudgetInWordsWithoutItsAmount(Budget.Scope scope, String name, String words) {
        var status = status(scope, name, terms(Period.MONTH, UTC, Budget.Mode.ENFORCE), 100 * DOLLAR);
        for (var reply : List.of(
                REFUSAL.spent(List.of(status), NOW),
                BudgetRefusal.waitedTooLong(status),
                BudgetRefusal.lineFull(status))) {
            assertThat(reply.message()).startsWith(words);
            assertThat(reply.toString()).as("not the amount").doesNotContain("100");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2026-12-01 00:00 Europe/Berlin.",
        "Z, 2026-12-01 00:00 UTC.",
        "Etc/UTC, 2026-12-01 00:00 UTC."
    })
    void theResetIsInTheZoneOfTheBudget(String zone, String shown) {
        var status = status(
                Budget.Scope.CLIENT, "ada", terms(Period.MONTH, ZoneId.of(zone), Budget.Mode.ENFORCE), 100 * DOLLAR);
        assertThat(REFUSAL.spent(List.of(status), NOW).message()).contains("begins again on " + shown);
    }

    /** A response may run longer than the window that it is charged to. */
    @ParameterizedTest
    @CsvSource({
        "2026-11-30T23:59:58.999Z, 2",
        "2026-11-30T23:59:59Z, 1",
        "2026-11-30T23:59:59.999Z, 1",
        "2026-12-02T00:00:00Z, 1"
    })
    void theRetryIsNeverTooEarlyAndNeverAtOnce(Instant now, String seconds) {
        assertThat(fields(REFUSAL.spent(List.of(team(Period.MONTH, 100)), now))).containsEntry("retry-after", seconds);
    }

    @Test
    void openAisClientsGetTheSameErrorWithoutAnthropicsFields() {
        var reply = new BudgetRefusal(Dialect.OPENAI, Optional.empty()).spent(List.of(team(Period.DAY, 100)), NOW);
        assertThat(reply.type()).isEqualTo(ErrorType.BILLING);
        assertThat(reply.message()).as("without a contact").endsWith(" UTC.");
        assertThat(fields(reply)).containsOnlyKeys("retry-after", "x-should-retry");
        assertThat(BudgetRefusal.warning(List.of(team(Period.DAY, 95)), Dialect.OPENAI))
                .isEmpty();
    }

    /** {@code BudgetContract} has the error for a database that is away. */
    @Test
    void whatMayEndSoonIsToBeRetriedSoon() {
        var budget = team(Period.DAY, 1);
        for (var reply : List.of(BudgetRefusal.waitedTooLong(budget), BudgetRefusal.lineFull(budget))) {
            assertThat(reply.status()).isEqualTo(429);
            assertThat(reply.type()).isEqualTo(ErrorType.RATE_LIMIT);
            assertThat(fields(reply)).containsExactly(Map.entry("retry-after", "5"));
        }
    }

    private static BudgetLine team(Period period, long dollarsUsed) {
        return status(Budget.Scope.TEAM, "payments", terms(period, UTC, Budget.Mode.ENFORCE), dollarsUsed * DOLLAR);
    }

    private static Budget.Terms terms(Period period, ZoneId zone, Budget.Mode mode) {
        return new Budget.Terms(100 * DOLLAR, period, zone, mode, Budget.OnExhausted.CUT);
    }

    private static BudgetLine status(Budget.Scope scope, String name, Budget.Terms terms, long nanosUsed) {
        return new BudgetLine(new Budget(scope, name, terms), terms.windowAt(NOW), SampleBudgets.used(nanosUsed));
    }

    /** The fields of a reply, without the prefix that most have; the names differ. */
    private static Map<String, String> fields(ErrorReply reply) {
        return fields(reply.fields());
    }

    private static Map<String, String> fields(List<Field> fields) {
        return fields.stream().collect(Collectors.toMap(field -> field.name().replace(UNIFIED, "*"), Field::value));
    }

    @Test
    void aWarningHasAllFieldsThatClaudeCodeReads() {
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
    void aWarningHasTheGreatestShareWhateverThePeriod() {
        var fields = fields(warning(team(Period.MONTH, 76), team(Period.DAY, 91), team(Period.WEEK, 85)));
        assertThat(fields).containsEntry("*overage-utilization", "0.91").containsEntry("*reset", "1795478400");
    }

    @Test
    void clientsNoticeBudgetsThatWarnButNoShadow() {
        var shadow = status(Budget.Scope.CLIENT, "ada", terms(Period.DAY, UTC, Budget.Mode.SHADOW), 95 * DOLLAR);
        var warns = status(Budget.Scope.CLIENT, "ada", terms(Period.DAY, UTC, Budget.Mode.WARN), 105 * DOLLAR);
        assertThat(warning(shadow)).isEmpty();
        assertThat(warning()).isEmpty();
        assertThat(fields(warning(shadow, warns)))
                .containsEntry("*overage-utilization", "1.05")
                .containsEntry("*overage-surpassed-threshold", "0.9");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 1",
        "0, 5, 1",
        "3, 1, 0.3333",
        "1000000, 1, 0",
        "100000, 99999, 0.9999",
        "999999999999999999, 999999999999999999, 1",
        "1, 9223372036854775807, 9223372036854775807"
    })
    void theShareIsRoundedDownToFourDecimals(long amount, long used, String share) {
        var terms = SampleBudgets.terms(amount, Period.DAY, Budget.Mode.ENFORCE);
        var status = status(Budget.Scope.CLIENT, "ada", terms, used);
        assertThat(status.utilization().toPlainString()).isEqualTo(share);
    }

    /** Products of such amounts do not fit into a long. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 90",
        "7, 5, 0",
        "7, 6, 80",
        "999999999999999999, 749999999999999999, 0",
        "999999999999999999, 750000000000000000, 75",
        "999999999999999999, 899999999999999999, 80",
        "999999999999999999, 900000000000000000, 90",
        "1, 9223372036854775807, 90"
    })
    void thresholdsAreExact(long amount, long used, int expected) {
        assertThat(Thresholds.reached(used, amount)).isEqualTo(expected);
    }

    private static List<Field> warning(BudgetLine... charged) {
        return BudgetRefusal.warning(List.of(charged), Dialect.ANTHROPIC);
    }

    /** The example of the page is a policy, and what the page shows is what clients get. */
    @Test
    void thePageDescribesEveryFieldOfARefusalAndOfAWarning(@TempDir Path folder) throws IOException {
        var page = Files.readString(Path.of("src/site/markdown/quota.md"));
        var example = Pattern.compile("(?m)^    \\{\n(?:     .*\n)+    }$").matcher(page);
        assertThat(example.find()).isTrue();
        var file = Files.writeString(folder.resolve("policy.json"), example.group());
        var settings = Sources.with("policy.file", file.toString()).read().policy();
        var policy = settings.policy().orElseThrow().current();
        assertThat(policy.enforces()).isTrue();
        assertThat(policy.budgetsByKey()).hasSize(6).containsKeys("team/payments/month", "client/ada/day");
        var budget = requireNonNull(policy.budgetsByKey().get("team/payments/month"));
        var now = Instant.parse("2026-11-23T12:00:00Z");
        var status = new BudgetLine(
                budget,
                budget.terms().windowAt(now),
                SampleBudgets.used(budget.terms().nanos()));
        var reply = REFUSAL.spent(List.of(status), now);
        assertThat(page).contains(UNIFIED).contains("    " + reply.message() + "\n");
        assertThat(Stream.concat(reply.fields().stream(), warning(status).stream()))
                .hasSizeGreaterThan(12)
                .allSatisfy(
                        field -> assertThat(page).contains("`" + field.name().replace(UNIFIED, "")));
    }
}
