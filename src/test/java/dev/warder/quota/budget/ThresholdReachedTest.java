package dev.warder.quota.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.json.JsonTree;
import dev.warder.policy.BudgetMode;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.Period;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ThresholdReachedTest {
    @Test
    void isOneLineOfEnglish() {
        assertThat(Reached.team(80).text())
                .isEqualTo("The budget of team payments for this month has reached 80 %: 3200.25 of 4000 US dollars are"
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
                new ThresholdReached(team.budget(), team.window(), 80, 1, team.spentNanos(), team.time()));
        assertThat(others.map(ThresholdReached::id)).doesNotHaveDuplicates();
        var later = new ThresholdReached(
                team.budget(),
                team.window(),
                80,
                team.amountNanos(),
                team.spentNanos() + 1,
                team.time().plusSeconds(9));
        assertThat(later.id()).isEqualTo(team.id());
    }

    @Test
    void isTheExampleOfThePage() throws IOException {
        var page = Files.readString(Path.of("src/site/markdown/budgets.md"));
        var document = JsonTree.parseObject(new String(Reached.team(80).json(), StandardCharsets.UTF_8))
                .orElseThrow();
        assertThat(document).hasSize(12).allSatisfy((name, value) -> assertThat(page)
                .contains("      \"" + name + "\": " + value));
    }

    @Test
    void isAPartOfTheWhole() {
        for (int percent : new int[] {0, 101}) {
            assertThatThrownBy(() -> Reached.team(percent)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
