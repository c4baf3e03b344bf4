package dev.warder.admin.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.admin.page.Plot.Series;
import dev.warder.admin.page.Table.Cell;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {
    private static final String HOSTILE = "<script>alert('x')</script>\"&\u202e\0";

    @Test
    void escapesTextOnThePage() {
        var table = Table.with("Name", "<b>").row(HOSTILE, HOSTILE);
        var html = Templates.of("table", Map.of("id", "x", "title", "A & B", "table", table));
        assertThat(html)
                .doesNotContain("<script", "alert('x')", "\u202e", "\0", "<b>")
                .contains("<caption>A &amp; B</caption>")
                .contains("<th scope=\"row\">&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;");
    }

    @Test
    void quotesTextInCsvAndRunsNoFormula() {
        var csv = Table.with("Name", "Cost USD", "Cache %")
                .row("=HYPERLINK(\"http://x\",1)", Cell.dollars(1), Cell.percent(1, 4))
                .row("a;b", Cell.dollars(2_500_000_000L), Cell.percent(0, 0))
                .row(Optional.empty(), Cell.dollars(0), Cell.percent(1, 1))
                .csv();
        assertThat(csv)
                .isEqualTo("name,cost_usd,cache_\r\n\"'=HYPERLINK(\"\"http://x\"\",1)\",0.000000001,25\r\n"
                        + "\"a;b\",2.500000000,\r\n,0,100\r\n".replace(",0,100", ",0.000000000,100"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"=", "+", "-", "@", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20", "\t"})
    void runsNoFormulaOfSpreadsheetsInCsv(String sign) {
        assertThat(Table.with("Name").row(sign + "1+1").csv()).isEqualTo("name\r\n'" + sign + "1+1\r\n");
        assertThat(Table.with("Name").row("a" + sign).csv()).isEqualTo("name\r\na" + sign + "\r\n");
    }

    @Test
    void writesTimesAndDurationsForPrograms() {
        var csv = Table.with("Time", "ms", "none")
                .row(
                        Instant.parse("2026-11-22T12:00:00.5Z"),
                        Cell.duration(Duration.ofNanos(1_500_000), 3),
                        Cell.duration(Duration.ZERO, 0))
                .csv();
        assertThat(csv).isEqualTo("time,ms,none\r\n2026-11-22T12:00:00Z,1.5,\r\n");
    }

    @Test
    void refusesARowOfAnotherLength() {
        assertThatThrownBy(() -> Table.with("a").row(1, 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Nested
    class PlotTest {
        private static Plot plot(List<Series> series) {
            int slots = series.get(0).values().size();
            return new Plot(
                    "A <plot>", IntStream.range(0, slots).mapToObj(i -> "t" + i).toList(), 2, series);
        }

        private static String html(Plot.Figure figure) {
            return Templates.of("plot", figure);
        }

        private static Series series(String title, int color, Double... values) {
            return new Series(title, color, List.of(values));
        }

        @ParameterizedTest
        @CsvSource({"1, 1", "2, 2", "2.1, 4", "7, 8", "9, 10", "11, 12", "100, 100", "101, 120", "0.031, 0.04"})
        void endsTheAxisAtARoundValue(double most, double end) {
            assertThat(Plot.nice(most)).isCloseTo(end, Offset.offset(1e-9));
        }

        @Test
        void putsBarsOnTopOfEachOther() {
            var html = html(plot(List.of(series("Low", 1, 4.0, 0.0, 1.0), series("High", 2, 4.0, 2.0, 0.0)))
                    .bars(Shown::shortCount, 2));
            assertThat(html)
                    .contains("<g class=\"c1\"><rect x=\"1.5\" y=\"50\" width=\"7\" height=\"50\"/>"
                            + "<rect x=\"21.5\" y=\"87.5\" width=\"7\" height=\"12.5\"/></g>")
                    .contains("<g class=\"c2\"><rect x=\"1.5\" y=\"0\" width=\"7\" height=\"50\"/>"
                            + "<rect x=\"11.5\" y=\"75\" width=\"7\" height=\"25\"/></g>")
                    .contains("<span>8</span><span>4</span><span>0</span>", "<span>t0</span><span>t2</span>")
                    .contains("aria-label=\"A &lt;plot&gt;\"", "<li class=\"c2\">High</li>")
                    .doesNotContain("style", "NaN", "Infinity");
        }

        @Test
        void breaksALineWhereNothingIsKnown() {
            var html =
                    html(plot(List.of(series("p50", 1, 1.0, 10.0, -1.0, 100.0))).lines(value -> value + ""));
            assertThat(html)
                    .contains("<polyline points=\"5,100 15,50\"/><polyline points=\"31,0 39,0\"/>")
                    .contains("<span>100.0</span><span>10.0</span><span>1.0</span>");
        }

        @Test
        void drawsNothingOfNothing() {
            var none = List.of(series("p50", 1, -1.0, -1.0));
            assertThat(html(plot(none).lines(value -> "x"))).doesNotContain("polyline", "NaN");
            assertThat(html(plot(List.of(series("a", 1, 0.0, 0.0))).bars(value -> "x", 2)))
                    .doesNotContain("<rect", "NaN");
        }

        @Test
        void drawsALineOfOneValue() {
            var html = html(plot(List.of(series("p50", 1, 10.0, 10.0))).lines(value -> "x"));
            assertThat(html).contains("<polyline points=\"5,100 15,100\"/>").doesNotContain("NaN");
        }

        @Test
        void keepsTheBarOfACellWithinIt() {
            var table = Table.with("a", "b").row(Cell.dollars(1, 2), Cell.dollars(7, 1));
            assertThat(Templates.of("table", Map.of("id", "x", "title", "x", "table", table)))
                    .contains("<rect width=\"50\"", "<rect width=\"100\"");
        }
    }
}
