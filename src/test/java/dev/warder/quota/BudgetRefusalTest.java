package dev.warder.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.config.Sources;
import dev.warder.http.Dialect;
import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import dev.warder.http.Field;
import dev.warder.policy.Budget;
import dev.warder.policy.BudgetMode;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.BudgetTerms;
import dev.warder.policy.OnExhausted;
import dev.warder.policy.Period;
import dev.warder.policy.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetRefusalTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:34:56.5Z");
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final String UNIFIED = "anthropic-ratelimit-unified-";
    private static final long DOLLAR = 1_000_000_000L;
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
        assertThat(reply.message())
                .startsWith("The budget of team payments for this day does not cover this request any more; it begins");
        assertThat(fields(reply)).containsEntry("*overage-utilization", "0.99");
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
    void openAisClientsGetTheSameErrorWithoutAnthropicsFields() {
        var reply = new BudgetRefusal(Dialect.OPENAI, Optional.empty()).spent(List.of(team(Period.DAY, 100)), NOW);
        assertThat(reply.type()).isEqualTo(ErrorType.BILLING);
        assertThat(reply.message()).as("without a contact").endsWith(" UTC.");
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

    private static BudgetLine team(Period period, long dollarsUsed) {
        return status(BudgetScope.TEAM, "payments", terms(period, UTC, BudgetMode.ENFORCE), dollarsUsed);
    }

    private static BudgetTerms terms(Period period, ZoneId zone, BudgetMode mode) {
        return new BudgetTerms(100 * DOLLAR, period, zone, mode, OnExhausted.CUT);
    }

    private static BudgetLine status(BudgetScope scope, String name, BudgetTerms terms, long dollarsUsed) {
        return new BudgetLine(new Budget(scope, name, terms), terms.windowAt(NOW), Reached.spent(dollarsUsed * DOLLAR));
    }

    /** The fields of a reply, without the prefix that most have; the names differ. */
    private static Map<String, String> fields(ErrorReply reply) {
        return fields(reply.fields());
    }

    private static Map<String, String> fields(List<Field> fields) {
        return fields.stream()
                .collect(Collectors.toMap(
                        field -> field.name().replace(UNIFIED, "*"),
                        Field::value,
                        (one, two) -> one + " and " + two,
                        LinkedHashMap::new));
    }

    @Nested
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
            assertThat(BudgetRefusal.warning(List.of(team(Period.DAY, 95)), Dialect.OPENAI))
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
            "0, 0, 90",
            "1, 0, 0",
            "1, 1, 90",
            "7, 5, 0",
            "7, 6, 80",
            "7, 7, 90",
            "999999999999999999, 749999999999999999, 0",
            "999999999999999999, 750000000000000000, 75",
            "999999999999999999, 899999999999999999, 80",
            "999999999999999999, 900000000000000000, 90",
            "1, 9223372036854775807, 90"
        })
        void thresholdsAreExact(long amount, long used, int expected) {
            assertThat(Thresholds.reached(used, amount)).isEqualTo(expected);
        }

        private static BudgetLine of(long amount, long used) {
            var terms = new BudgetTerms(amount, Period.DAY, UTC, BudgetMode.ENFORCE, OnExhausted.CUT);
            return new BudgetLine(
                    new Budget(BudgetScope.CLIENT, "ada", terms), terms.windowAt(NOW), Reached.spent(used));
        }

        private static List<Field> warning(BudgetLine... charged) {
            return BudgetRefusal.warning(List.of(charged), Dialect.ANTHROPIC);
        }
    }

    /** The page about budgets: its example is a policy, and what it shows is what clients get. */
    @Nested
    class BudgetsPageTest {
        private static final Path PAGE = Path.of("src/site/markdown/quota.md");
        private static final String PREFIX = "anthropic-ratelimit-unified-";
        private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

        @TempDir
        private Path folder = Path.of("");

        @Test
        void theExampleIsAPolicyThatNeedsNoDefault() throws IOException {
            assertThat(policy().enforces()).isTrue();
            assertThat(policy().budgetsByKey()).hasSize(6).containsKeys("team/payments/month", "client/ada/day");
        }

        @Test
        void describesEveryFieldOfARefusalAndOfAWarning() throws IOException {
            var budget = Objects.requireNonNull(policy().budgetsByKey().get("team/payments/month"));
            var status = new BudgetLine(
                    budget,
                    budget.terms().windowAt(NOW),
                    Reached.spent(budget.terms().nanos()));
            var refusal = new BudgetRefusal(Dialect.ANTHROPIC, Optional.of("Ada, ada@example.com"));
            var reply = refusal.spent(List.of(status), NOW);
            var fields = Stream.concat(
                            reply.fields().stream(), BudgetRefusal.warning(List.of(status), Dialect.ANTHROPIC).stream())
                    .map(Field::name)
                    .map(name -> "`" + name.replace(PREFIX, ""));
            assertThat(page()).contains(PREFIX).contains("    " + reply.message() + "\n");
            assertThat(fields).hasSizeGreaterThan(12).allSatisfy(name -> assertThat(page())
                    .contains(name));
        }

        private Policy policy() throws IOException {
            var example = Pattern.compile("(?m)^    \\{\n(?:     .*\n)+    }$").matcher(page());
            assertThat(example.find()).isTrue();
            var file = Files.writeString(folder.resolve("policy.json"), example.group());
            return Sources.with("policy.file", file.toString())
                    .read()
                    .policy()
                    .policy()
                    .orElseThrow()
                    .current();
        }

        private static String page() throws IOException {
            return Files.readString(PAGE);
        }
    }
}
