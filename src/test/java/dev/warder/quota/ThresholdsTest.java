package dev.warder.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonTree;
import dev.warder.ledger.lease.Amounts;
import dev.warder.ledger.lease.DatabaseLeases;
import dev.warder.ledger.lease.LeaseState;
import dev.warder.policy.Budget;
import dev.warder.policy.BudgetMode;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.BudgetTerms;
import dev.warder.policy.OnExhausted;
import dev.warder.policy.Period;
import dev.warder.testkit.H2Memory;
import dev.warder.testkit.LogCapture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which thresholds of budgets are reported, by the log and by notifications. */
class ThresholdsTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final long AMOUNT = 1000;

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private final List<ThresholdReached> sent = new ArrayList<>();

    @Test
    void reportsEachThresholdOnce() {
        var node = node();
        for (long spent : new long[] {0, 749, 750, 751, 799, 800, 899, 900, 989, 990, 1000, 1001}) {
            node.look(List.of(view("payments", BudgetMode.ENFORCE, AMOUNT, spent)), false);
        }
        assertThat(sent).extracting(ThresholdReached::percent).containsExactly(75, 80, 90, 100);
        assertThat(sent).extracting(each -> each.status().usedNanos()).containsExactly(750L, 800L, 900L, 990L);
        assertThat(sent).allSatisfy(each -> {
            assertThat(each.status().budget().key()).isEqualTo("team/payments/day");
            assertThat(each.amountNanos()).isEqualTo(AMOUNT);
            assertThat(each.time()).isEqualTo(NOW);
        });
    }

    @Test
    void reportsTheHighestOfSeveral() {
        var node = node();
        node.look(List.of(view("payments", BudgetMode.ENFORCE, AMOUNT, 700)), false);
        node.look(List.of(view("payments", BudgetMode.ENFORCE, AMOUNT, 950)), false);
        assertThat(sent).extracting(ThresholdReached::percent).containsExactly(90);
    }

    /** A hundredth is kept for running requests only where requests are refused. */
    @Test
    void reportsBudgetsThatRefuseNothingWhenAllIsUsed() {
        var node = node();
        for (var mode : List.of(BudgetMode.SHADOW, BudgetMode.WARN)) {
            node.look(List.of(view(mode.name(), mode, AMOUNT, 999)), false);
            node.look(List.of(view(mode.name(), mode, AMOUNT, 1000)), false);
        }
        assertThat(sent).extracting(ThresholdReached::percent).containsExactly(90, 100, 90, 100);
    }

    @Test
    void reportsNothingWhereNothingWasSpent() {
        node().look(List.of(view("payments", BudgetMode.ENFORCE, 0, 0)), false);
        assertThat(sent).isEmpty();
    }

    @Test
    void anAmountThatWasChangedHasItsOwn() {
        var node = node();
        node.look(List.of(view("payments", BudgetMode.ENFORCE, AMOUNT, 1000)), false);
        node.look(List.of(view("payments", BudgetMode.ENFORCE, 2 * AMOUNT, 1000)), false);
        node.look(List.of(view("payments", BudgetMode.ENFORCE, 2 * AMOUNT, 1600)), false);
        assertThat(sent).extracting(ThresholdReached::percent).containsExactly(100, 80);
    }

    @Test
    void sendsLaterWhatTheDatabaseCouldNotDecide() throws SQLException {
        var spent = List.of(view("payments", BudgetMode.ENFORCE, AMOUNT, 810));
        var away = new JdbcDataSource();
        away.setURL("jdbc:h2:mem:none;IFEXISTS=TRUE");
        try (var log = LogCapture.start()) {
            var lost = new Thresholds(new DatabaseLeases(away), () -> NOW, sent::add);
            lost.look(spent, false);
            lost.look(spent, false);
            var node = node();
            node.look(spent, true);
            assertThat(sent).isEmpty();
            node.look(spent, false);
            node.look(spent, false);
            assertThat(sent).hasSize(1);
            var line = "Of the budget team/payments/day (mode enforce) since 2026-11-23T00:00:00Z, 80 % are used";
            assertThat(log.lines("dev.warder.quota", Level.WARNING))
                    .extracting(each -> each.text())
                    .containsExactly(line, line);
        }
    }

    @Test
    void asksTheDatabaseForTwentyBudgetsAtATime() {
        var many = IntStream.range(0, 45)
                .mapToObj(i -> view("team" + i, BudgetMode.WARN, AMOUNT, 810))
                .toList();
        var node = node();
        node.look(many, false);
        assertThat(sent).hasSize(20);
        node.look(many, false);
        node.look(many, false);
        assertThat(sent)
                .extracting(each -> each.status().budget().name())
                .hasSize(45)
                .doesNotHaveDuplicates();
    }

    private Thresholds node() {
        return new Thresholds(new DatabaseLeases(h2.database()), () -> NOW, sent::add);
    }

    private static AccountView view(String team, BudgetMode mode, long amount, long spent) {
        var terms = new BudgetTerms(amount, Period.DAY, ZoneOffset.UTC, mode, OnExhausted.CUT);
        var charged = new ChargedBudget(new Budget(BudgetScope.TEAM, team, terms), terms.windowAt(NOW), 1);
        long within = Math.min(amount, spent);
        var seen = new LeaseState(charged.key(), 0, 0, new Amounts(amount, within, spent - within, 0, 0), false);
        return new AccountView(charged, Optional.of(seen), 0, 0, 0, 0);
    }

    @Nested
    class ThresholdReachedTest {
        @Test
        void isOneLineOfEnglish() {
            assertThat(Reached.team(80).text())
                    .isEqualTo(
                            "The budget of team payments for this month has reached 80 %: 3200.25 of 4000 US dollars are"
                                    + " spent. It begins again on 2026-12-01 00:00 Europe/Berlin. Its mode is enforce.");
            assertThat(Reached.of(BudgetScope.ORGANIZATION, "", Period.LIFETIME, BudgetMode.SHADOW, 100)
                            .text())
                    .isEqualTo(
                            "The budget of the organization is spent: 4000.25 of 4000 US dollars. It does not begin again."
                                    + " Its mode is shadow.");
            assertThat(Reached.of(BudgetScope.SESSION, "ada/s-1", Period.DAY, BudgetMode.WARN, 75)
                            .text())
                    .startsWith("The budget of session s-1 of client ada for this day has reached 75 %: ");
        }

        @Test
        void hasAnIdOfBudgetPeriodShareAndAmount() {
            assertThat(Reached.team(80).id()).isEqualTo(Reached.team(80).id()).matches("budget_[0-9a-f]{32}");
            var team = Reached.team(80);
            var others = Stream.of(
                    team,
                    Reached.team(90),
                    Reached.of(BudgetScope.CLIENT, "payments", Period.MONTH, BudgetMode.ENFORCE, 80),
                    Reached.of(BudgetScope.TEAM, "payments", Period.DAY, BudgetMode.ENFORCE, 80),
                    new ThresholdReached(team.status(), 80, 1, team.time()));
            assertThat(others.map(ThresholdReached::id)).doesNotHaveDuplicates();
            var more = new BudgetLine(team.status().budget(), team.status().window(), Reached.spent(1));
            var later = new ThresholdReached(
                    more, 80, team.amountNanos(), team.time().plusSeconds(9));
            assertThat(later.id()).isEqualTo(team.id());
        }

        @Test
        void isTheExampleOfThePage() throws IOException {
            var page = Files.readString(Path.of("src/site/markdown/quota.md"));
            var document = JsonTree.parseObject(new String(Reached.team(80).json(), StandardCharsets.UTF_8))
                    .orElseThrow();
            assertThat(document).hasSize(12).allSatisfy((name, value) -> assertThat(page)
                    .contains("      \"" + name + "\": " + value));
        }

        @Test
        void hasNoEndForALifetime() {
            var reached = Reached.of(BudgetScope.ORGANIZATION, "", Period.LIFETIME, BudgetMode.SHADOW, 90);
            assertThat(new String(reached.json(), StandardCharsets.UTF_8)).contains("\"period_end\":null");
        }
    }
}
