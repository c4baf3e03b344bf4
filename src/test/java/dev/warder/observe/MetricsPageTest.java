package dev.warder.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of the metrics, compared with the names that the code has. */
class MetricsPageTest {
    private static final Path PAGE = Path.of("src/site/markdown/metrics.md");
    private static final Pattern ROW = Pattern.compile("\\| `warder_.*");

    @Test
    void listsEveryMetricAndNoOther() throws IOException {
        var expected = Arrays.stream(MetricName.values()).map(MetricsPageTest::row);
        assertThat(Files.readAllLines(PAGE).stream().filter(ROW.asMatchPredicate()))
                .containsExactlyElementsOf(expected.toList());
    }

    @Test
    void listsEveryLabelAndEveryRoute() throws IOException {
        var page = Files.readString(PAGE);
        var labels = Arrays.stream(MetricName.values())
                .flatMap(name -> name.labels().stream())
                .distinct();
        assertThat(labels).allSatisfy(label -> assertThat(page).contains("\n| `" + label + "` | "));
        var routes = page.lines()
                .filter(line -> line.startsWith("| `route` |"))
                .findFirst()
                .orElseThrow();
        assertThat(LabelValues.routes()).allSatisfy(route -> assertThat(routes).contains("`" + route + "`"));
        assertThat(routes.split("`[a-z-]+`", -1)).hasSize(LabelValues.routes().size() + 2);
    }

    private static String row(MetricName name) {
        String labels = name.labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(", "));
        return Stream.of(
                        "`" + name.prometheusName() + "`",
                        name.kind().name().toLowerCase(Locale.ROOT),
                        labels.isEmpty() ? "–" : labels,
                        name.help())
                .collect(Collectors.joining(" | ", "| ", " |"));
    }
}
