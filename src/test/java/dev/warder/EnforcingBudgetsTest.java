package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warder.config.ConfigException;
import dev.warder.config.Sources;
import dev.warder.policy.PolicySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnforcingBudgetsTest {
    private static final String ENFORCE = "\"organization\":{\"budgets\":[{\"amount\":\"5\",\"period\":\"day\"}]}";
    private static final String WARN = ENFORCE.replace("\"day\"", "\"day\",\"mode\":\"warn\"");

    @TempDir
    private Path folder = Path.of("");

    private final Sources sources = new Sources();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void permitsWhatNeedsNoStore(boolean hasStore) throws IOException {
        assertThatCode(() -> EnforcingBudgets.require(sources.read().policy(), hasStore))
                .doesNotThrowAnyException();
        write(1, WARN);
        sources.set("budget.default", "unlimited");
        assertThatCode(() -> EnforcingBudgets.require(sources.read().policy(), hasStore))
                .doesNotThrowAnyException();
    }

    @Test
    void namesTheSettingWhoseBudgetNeedsAStore() throws IOException {
        write(1, ENFORCE);
        assertThat(problems(false))
                .singleElement()
                .asString()
                .startsWith("policy.file: ")
                .contains("jdbc/warder", "database.url", "data.dir");
        write(1, WARN);
        sources.set("budget.default", "5/month");
        assertThat(problems(false))
                .singleElement()
                .asString()
                .startsWith("budget.default: ")
                .contains("jdbc/warder");
        write(1, ENFORCE);
        assertThat(problems(false)).hasSize(2);
    }

    /** Until budgets are enforced: with a database too, none may silently limit nothing. */
    @Test
    void refusesToStartWithWhatIsNotEnforced() throws IOException {
        write(1, ENFORCE);
        sources.set("budget.default", "5/month");
        assertThat(problems(true))
                .satisfiesExactly(
                        problem -> assertThat(problem)
                                .startsWith("budget.default: ")
                                .contains("does not support"),
                        problem ->
                                assertThat(problem).startsWith("policy.file: ").contains("does not support"));
    }

    @Test
    void refusesALaterVersionThatEnforces() throws IOException {
        write(1, WARN);
        PolicySettings settings = sources.read().policy();
        EnforcingBudgets.require(settings, false);
        write(2, ENFORCE);
        sources.files.poll();
        assertThat(settings.policy().orElseThrow().current().version()).isEqualTo(1);
        assertThat(settings.isStale().getAsBoolean()).isTrue();
        write(2, WARN);
        sources.files.poll();
        assertThat(settings.policy().orElseThrow().current().version()).isEqualTo(2);
    }

    private List<String> problems(boolean hasStore) {
        PolicySettings settings = sources.read().policy();
        return catchThrowableOfType(ConfigException.class, () -> EnforcingBudgets.require(settings, hasStore))
                .problems();
    }

    private void write(int version, String members) throws IOException {
        var file = Files.writeString(folder.resolve("policy.json"), "{\"version\":" + version + "," + members + "}");
        sources.set("policy.file", file.toString());
    }
}
