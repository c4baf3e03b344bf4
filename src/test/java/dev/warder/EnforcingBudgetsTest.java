package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warder.config.ConfigException;
import dev.warder.config.LogCapture;
import dev.warder.config.Sources;
import dev.warder.policy.PolicySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnforcingBudgetsTest {
    private static final String ENFORCE = "\"organization\":{\"budgets\":[{\"amount\":\"5\",\"period\":\"day\"}]}";
    private static final String WARN = ENFORCE.replace("\"day\"", "\"day\",\"mode\":\"warn\"");
    private static final String SESSIONS =
            WARN.replace("organization", "sessions").replace("warn", "shadow");

    private final LogCapture log = new LogCapture(EnforcingBudgets.class);
    private final Sources sources = new Sources();

    @TempDir
    private Path folder = Path.of("");

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void acceptsAGatewayWithoutBudgetsSilently() throws IOException {
        EnforcingBudgets.require(sources.read().policy(), false, true);
        write(1, "\"clients\":[]");
        EnforcingBudgets.require(sources.read().policy(), false, true);
        assertThat(log.all()).isEmpty();
    }

    @Test
    void refusesABudgetThatEnforcesWithoutAFolder() throws IOException {
        write(1, ENFORCE);
        PolicySettings settings = sources.read().policy();
        var refused =
                catchThrowableOfType(ConfigException.class, () -> EnforcingBudgets.require(settings, true, false));
        assertThat(refused.problems())
                .singleElement()
                .asString()
                .startsWith("policy.file: ")
                .endsWith("set data.dir");
        write(2, WARN);
        PolicySettings warning = sources.read().policy();
        EnforcingBudgets.require(warning, true, false);
        write(3, ENFORCE);
        sources.files.poll();
        assertThat(warning.policy().orElseThrow().current().version()).isEqualTo(2);
        assertThat(log.all()).noneMatch(line -> line.contains("have no effect"));
    }

    @Test
    void warnsOnceForEachVersionWithBudgetsThatHaveNoEffect() throws IOException {
        write(1, WARN + "," + SESSIONS);
        PolicySettings settings = sources.read().policy();
        EnforcingBudgets.require(settings, false, true);
        assertThat(log.warnings())
                .containsExactly("policy.file: 2 budgets of version 1 have no effect, because there is no database");
        sources.files.poll();
        assertThat(log.warnings()).hasSize(1);
        write(2, WARN);
        sources.files.poll();
        assertThat(log.warnings()).hasSize(2).last().asString().contains("1 budgets of version 2 have no effect");
        write(3, "\"clients\":[]");
        sources.files.poll();
        assertThat(log.all()).hasSize(2);
    }

    private void write(int version, String members) throws IOException {
        var file = Files.writeString(folder.resolve("policy.json"), "{\"version\":" + version + "," + members + "}");
        sources.set("policy.file", file.toString());
    }
}
