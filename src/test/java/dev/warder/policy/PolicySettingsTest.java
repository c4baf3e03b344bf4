package dev.warder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.LogCapture;
import dev.warder.config.Sources;
import dev.warder.config.WatchedFile;
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
    void haveNoPolicyByDefault() {
        PolicySettings settings = new Sources().read().policy();
        assertThat(settings.policy()).isEmpty();
        assertThat(settings.isStale()).isFalse();
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
    void refuseAFileTogetherWithTheDatabase() {
        var both = sources().set("policy.database", "true");
        assertThat(both.problem())
                .startsWith("policy.database: must not be true together with policy.file. ")
                .contains("import --policy.file=FILE", "POST /admin/api/import", "then remove policy.file");
        assertThat(sources().set("policy.database", "false").read().policy().usesDatabase())
                .isFalse();
        assertThat(Sources.with("policy.database", "true").read().policy().usesDatabase())
                .isTrue();
    }

    @Test
    void reportEachProblemOfTheFileByItsPlace() throws IOException {
        write("'version': 0, 'clients': [{'name': 'ada', 'kind': 'robot'}, {'kind': 'person', 'payer': 'x'}]");
        assertThat(sources().problem())
                .startsWith("policy.file: file: version: must be a whole number")
                .contains("; client 1 (ada): kind: must be", "; client 2: name: is missing", "; client 2: payer: ")
                .doesNotContain("robot", folder.toString());
        assertThat(Sources.with("policy.file", folder.resolve("none").toString())
                        .problem())
                .startsWith("policy.file: file: does not exist");
        assertThat(Sources.with("policy.file", "file:" + file).problem()).contains("takes a plain path");
    }

    @Test
    void followTheFileAndReportThatItIsStale() throws IOException {
        var sources = sources();
        PolicySettings settings = sources.read().policy();
        var live = settings.policy().orElseThrow();
        try (var log = new LogCapture(WatchedFile.class)) {
            write("'version': 2, 'zone': 'Mars', 'team': [], " + ADA);
            sources.files.poll();
            assertThat(log.warnings())
                    .containsExactly(
                            "policy.file: file policy.json: team: unknown member; did you mean teams?; zone: must"
                                    + " be an IANA time zone such as Europe/Berlin or UTC; what was read before stays in use");
        }
        assertThat(settings.isStale()).isTrue();
        assertThat(sources.files.refusals()).isEqualTo(1);
        assertThat(live.current().version()).isEqualTo(1);
        write("'version': 3, 'clients': []");
        sources.files.poll();
        assertThat(settings.isStale()).isFalse();
        assertThat(live.current().principal("ada")).isEmpty();
        Files.delete(file);
        sources.files.poll();
        assertThat(settings.isStale()).isTrue();
        assertThat(live.current().version()).isEqualTo(3);
        write("'version': 3, 'clients': []");
        sources.files.poll();
        assertThat(settings.isStale()).isFalse();
    }

    private Sources sources() {
        return Sources.with("policy.file", file.toString());
    }

    private Path write(String members) throws IOException {
        return Files.write(folder.resolve("policy.json"), Policies.bytes("{" + members + "}"));
    }
}
