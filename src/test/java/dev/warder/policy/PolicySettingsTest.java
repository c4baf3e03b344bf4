package dev.warder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.LogCapture;
import dev.warder.config.Sources;
import dev.warder.config.WatchedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        assertThat(settings.isStale().getAsBoolean()).isFalse();
        assertThat(settings.budgets())
                .isEqualTo(new BudgetSettings(
                        Optional.empty(), Duration.ofSeconds(60), Optional.empty(), WholeReplies.FULL, 0));
    }

    @Test
    void haveWhatTheOperatorSet() {
        PolicySettings settings = sources()
                .set("budget.default", "50.5/week")
                .set("budget.wait", "0s")
                .set("budget.contact", "Ada L\u00f6w, ada@example.com")
                .set("budget.wholeReplies", "learned")
                .set("budget.grace", "2.5")
                .read()
                .policy();
        assertThat(settings.budgets())
                .isEqualTo(new BudgetSettings(
                        Optional.of(new DefaultBudget.Limited(50_500_000_000L, Period.WEEK)),
                        Duration.ZERO,
                        Optional.of("Ada L\u00f6w, ada@example.com"),
                        WholeReplies.LEARNED,
                        2_500_000_000L));
        assertThat(settings.policy().orElseThrow().current().budgetsByKey()).containsOnlyKeys("client/ada/week");
    }

    @ParameterizedTest
    @CsvSource({
        "budget.default, 4711",
        "budget.default, fifty/month",
        "budget.wait, -17s",
        "budget.wait, 2517h",
        "budget.wholeReplies, half",
        "budget.grace, -17",
        "budget.grace, 17e3",
        "budget.grace, unlimited"
    })
    void refuseWhatIsNoValue(String name, String value) {
        assertThat(sources().set(name, value).problem()).startsWith(name + ": ").doesNotContain(value);
    }

    @Test
    void refuseAContactThatIsNoLine() {
        assertThat(sources().set("budget.contact", "a\nb").problem()).startsWith("budget.contact: ");
        assertThat(sources().set("budget.contact", "a".repeat(201)).problem()).startsWith("budget.contact: ");
        assertThat(sources()
                        .set("budget.contact", "a".repeat(200))
                        .read()
                        .policy()
                        .policy())
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "budget.default, unlimited",
        "budget.default, 50/month",
        "budget.wait, 60s",
        "budget.contact, Ada",
        "budget.wholeReplies, full",
        "budget.grace, 1"
    })
    void refuseABudgetThatLimitsNothing(String name, String value) {
        assertThat(Sources.with(name, value).problem()).isEqualTo(name + ": has no meaning without policy.file");
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
    void reportABadDefaultOnce() throws IOException {
        write("'version': 1, 'models': [{'name': 'm', 'budgets': [{'amount': '1', 'period': 'day'}]}], " + ADA);
        assertThat(sources().set("budget.default", "much").problem()).startsWith("budget.default: ");
        assertThat(sources().problem()).startsWith("policy.file: file: clients: no enforcing budget limits ada");
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
        assertThat(settings.isStale().getAsBoolean()).isTrue();
        assertThat(sources.files.refusals()).isEqualTo(1);
        assertThat(live.current().version()).isEqualTo(1);
        write("'version': 3, 'clients': []");
        sources.files.poll();
        assertThat(settings.isStale().getAsBoolean()).isFalse();
        assertThat(live.current().principal("ada")).isEmpty();
        Files.delete(file);
        sources.files.poll();
        assertThat(settings.isStale().getAsBoolean()).isTrue();
        assertThat(live.current().version()).isEqualTo(3);
        write("'version': 3, 'clients': []");
        sources.files.poll();
        assertThat(settings.isStale().getAsBoolean()).isFalse();
    }

    private Sources sources() {
        return Sources.with("policy.file", file.toString());
    }

    private Path write(String members) throws IOException {
        return Files.write(folder.resolve("policy.json"), Policies.bytes("{" + members + "}"));
    }
}
