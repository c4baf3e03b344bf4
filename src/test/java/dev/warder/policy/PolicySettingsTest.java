package dev.warder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicySettingsTest {
    private static final String ADA = "'clients': [{'name': 'ada', 'kind': 'person'}]";

    @TempDir
    private Path folder = Path.of("");

    private Path file = folder;

    @BeforeEach
    void writeAFile() throws IOException {
        file = write("'version': 1, " + ADA);
    }

    @Test
    void giveClientsThatNothingLimitsTheBudgetByDefault() {
        var policy =
                sources().set("budget.default", "50.5/week").read().policy().policy();
        assertThat(policy.orElseThrow().current().budgetsByKey())
                .hasSize(1)
                .hasEntrySatisfying(
                        "client/ada/week",
                        budget -> assertThat(budget.terms().nanos()).isEqualTo(50_500_000_000L));
    }

    @Test
    void requireADecisionAboutClientsWithoutABudgetOnlyWhereAnyBudgetEnforces() throws IOException {
        String budget =
                "'version': 1, 'models': [{'name': 'm', 'budgets': [{'amount': '1', 'period': 'day'%s}]}], " + ADA;
        write(budget.formatted(""));
        assertThat(sources().problem())
                .startsWith("policy.file: file: clients: no enforcing budget limits ada")
                .contains("set budget.default");
        var decided =
                sources().set("budget.default", "unlimited").read().policy().policy();
        assertThat(decided.orElseThrow().current().budgetsByKey()).containsOnlyKeys("model/m/day");
        write(budget.formatted(", 'mode': 'warn'"));
        assertThat(sources().read().policy().policy().orElseThrow().current().budgetsByKey())
                .containsOnlyKeys("model/m/day");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4711", "fifty/month", "-3/month", "3/fortnight", "limitless"})
    void refuseADefaultThatIsNoAmountAndPeriod(String value) {
        assertThat(sources().set("budget.default", value).problem())
                .startsWith("budget.default: ")
                .doesNotContain(value);
    }

    @Test
    void reportABadDefaultOnce() throws IOException {
        write("'version': 1, 'models': [{'name': 'm', 'budgets': [{'amount': '1', 'period': 'day'}]}], " + ADA);
        assertThat(sources().set("budget.default", "much").problem()).startsWith("budget.default: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unlimited", "50/month"})
    void refuseADefaultWithoutAFile(String value) {
        assertThat(Sources.with("budget.default", value).problem())
                .isEqualTo("budget.default: has no meaning without policy.file or policy.database");
    }

    @Test
    void takeAPlainPath() {
        assertThat(Sources.with("policy.file", "file:" + file).problem()).contains("takes a plain path");
    }

    private Sources sources() {
        return Sources.with("policy.file", file.toString());
    }

    private Path write(String members) throws IOException {
        return Files.write(folder.resolve("policy.json"), Policies.bytes("{" + members + "}"));
    }
}
