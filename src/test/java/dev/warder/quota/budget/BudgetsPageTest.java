package dev.warder.quota.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Sources;
import dev.warder.http.Dialect;
import dev.warder.http.Field;
import dev.warder.policy.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page about budgets: its example is a policy, and what it shows is what clients get. */
class BudgetsPageTest {
    private static final Path PAGE = Path.of("src/site/markdown/budgets.md");
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
        var status = new BudgetStatus(
                budget, budget.terms().windowAt(NOW), budget.terms().nanos());
        var refusal = new BudgetRefusal(Dialect.ANTHROPIC, Optional.of("Ada, ada@example.com"));
        var reply = refusal.spent(List.of(status), NOW);
        var fields = Stream.concat(
                        reply.fields().stream(), BudgetWarning.fields(List.of(status), Dialect.ANTHROPIC).stream())
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
