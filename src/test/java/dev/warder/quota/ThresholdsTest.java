package dev.warder.quota;

import static dev.warder.quota.SampleBudgets.NOW;
import static dev.warder.quota.SampleBudgets.reached;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonTree;
import dev.warder.ledger.store.DatabaseLeases;
import dev.warder.policy.Budget;
import dev.warder.policy.Period;
import dev.warder.testkit.H2Memory;
import dev.warder.testkit.LogCapture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which thresholds of budgets are reported, by the log and by notifications. */
class ThresholdsTest {
    private static final long AMOUNT = 1000;

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private final List<Thresholds.Reached> sent = new ArrayList<>();

    /** A hundredth is kept for running requests only where requests are refused. An amount that was changed has its own. */
    @ParameterizedTest
    @CsvSource({
        "ENFORCE, 0/1000 749/1000 750/1000 751/1000 799/1000 800/1000 899/1000 900/1000 989/1000 990/1000 1001/1000, 75 80 90 100",
        "ENFORCE, 700/1000 950/1000, 90",
        "SHADOW, 999/1000 1000/1000, 90 100",
        "WARN, 999/1000 1000/1000, 90 100",
        "ENFORCE, 0/0, ''",
        "ENFORCE, 1000/1000 1000/2000 1600/2000, 100 80"
    })
    void reportsTheHighestThresholdOnce(Budget.Mode mode, String looks, String expected) {
        var node = node();
        for (var look : looks.split(" ", -1)) {
            var parts = look.split("/", -1);
            node.look(List.of(view("payments", mode, Long.parseLong(parts[1]), Long.parseLong(parts[0]))), false);
        }
        assertThat(sent.stream().map(each -> "" + each.percent()).collect(Collectors.joining(" ")))
                .isEqualTo(expected);
        assertThat(sent).allSatisfy(each -> {
            assertThat(each.status().budget().key()).isEqualTo("team/payments/day");
            assertThat(looks).contains(each.status().usedNanos() + "/" + each.amountNanos());
            assertThat(each.time()).isEqualTo(NOW);
        });
    }

    @Test
    void sendsLaterWhatTheDatabaseCouldNotDecide() throws SQLException {
        var spent = List.of(view("payments", Budget.Mode.ENFORCE, AMOUNT, 810));
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
                .mapToObj(i -> view("team" + i, Budget.Mode.WARN, AMOUNT, 810))
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

    private static Account.View view(String team, Budget.Mode mode, long amount, long spent) {
        return SampleBudgets.spent(SampleBudgets.of(Budget.Scope.TEAM, team, amount, mode), spent);
    }

    @Test
    void aThresholdIsOneLineOfEnglish() {
        assertThat(reached(80).text())
                .isEqualTo("The budget of team payments for this month has reached 80 %: 3200.25 of 4000 US dollars are"
                        + " spent. It begins again on 2026-12-01 00:00 Europe/Berlin. Its mode is enforce.");
        assertThat(reached(Budget.Scope.ORGANIZATION, "", Period.LIFETIME, Budget.Mode.SHADOW, 100)
                        .text())
                .isEqualTo(
                        "The budget of the organization is spent: 4000.25 of 4000 US dollars. It does not begin again."
                                + " Its mode is shadow.");
        assertThat(reached(Budget.Scope.SESSION, "ada/s-1", Period.DAY, Budget.Mode.WARN, 75)
                        .text())
                .startsWith("The budget of session s-1 of client ada for this day has reached 75 %: ");
    }

    @Test
    void aThresholdHasAnIdOfBudgetPeriodShareAndAmount() {
        var team = reached(80);
        assertThat(team.id()).matches("budget_[0-9a-f]{32}");
        var others = Stream.of(
                team,
                reached(90),
                reached(Budget.Scope.CLIENT, "payments", Period.MONTH, Budget.Mode.ENFORCE, 80),
                reached(Budget.Scope.TEAM, "payments", Period.DAY, Budget.Mode.ENFORCE, 80),
                new Thresholds.Reached(team.status(), 80, 1, team.time()));
        assertThat(others.map(Thresholds.Reached::id)).doesNotHaveDuplicates();
        var more = new BudgetLine(team.status().budget(), team.status().window(), SampleBudgets.used(1));
        var later =
                new Thresholds.Reached(more, 80, team.amountNanos(), team.time().plusSeconds(9));
        assertThat(later.id()).isEqualTo(team.id());
    }

    @Test
    void aThresholdIsTheExampleOfThePage() throws IOException {
        var page = Files.readString(Path.of("src/site/markdown/quota.md"));
        var document = JsonTree.parseObject(json(reached(80))).orElseThrow();
        assertThat(document).hasSize(12).allSatisfy((name, value) -> assertThat(page)
                .contains("      \"" + name + "\": " + value));
        assertThat(json(reached(Budget.Scope.ORGANIZATION, "", Period.LIFETIME, Budget.Mode.SHADOW, 90)))
                .contains("\"period_end\":null");
    }

    private static String json(Thresholds.Reached reached) {
        return new String(reached.json(), StandardCharsets.UTF_8);
    }
}
