package dev.warder.admin.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.admin.page.TimePanels.Series;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlotTest {
    private static Plot plot(List<Series> series) {
        int slots = series.get(0).values().size();
        return new Plot(
                "A <plot>", IntStream.range(0, slots).mapToObj(i -> "t" + i).toList(), 2, series);
    }

    private static Series series(String title, int color, Double... values) {
        return new Series(
                title,
                color,
                List.of(values),
                List.of(values).stream().map(String::valueOf).toList());
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "2.1, 4", "7, 8", "9, 10", "11, 12", "100, 100", "101, 120", "0.031, 0.04"})
    void endsTheAxisAtARoundValue(double most, double end) {
        assertThat(Plot.nice(most)).isCloseTo(end, Offset.offset(1e-9));
    }

    @Test
    void putsBarsOnTopOfEachOther() {
        var html = plot(List.of(series("Low", 1, 4.0, 0.0, 1.0), series("High", 2, 4.0, 2.0, 0.0)))
                .bars(Shown::shortCount, 2)
                .page();
        assertThat(html)
                .contains("<g class=\"c1\"><rect x=\"1.5\" y=\"50\" width=\"7\" height=\"50\"/>"
                        + "<rect x=\"21.5\" y=\"87.5\" width=\"7\" height=\"12.5\"/></g>")
                .contains("<g class=\"c2\"><rect x=\"1.5\" y=\"0\" width=\"7\" height=\"50\"/>"
                        + "<rect x=\"11.5\" y=\"75\" width=\"7\" height=\"25\"/></g>")
                .contains("<span>8</span><span>4</span><span>0</span>", "<span>t0</span><span>t2</span>")
                .contains("aria-label=\"A &lt;plot&gt;\"", "<li class=\"c2\">High</li>")
                .contains("<title>t0 UTC\nLow: 4.0\nHigh: 4.0</title>")
                .doesNotContain("style", "NaN", "Infinity");
    }

    @Test
    void breaksALineWhereNothingIsKnown() {
        var html = plot(List.of(series("p50", 1, 1.0, 10.0, -1.0, 100.0)))
                .lines(value -> value + "")
                .page();
        assertThat(html)
                .contains("<polyline points=\"5,100 15,50\"/><polyline points=\"31,0 39,0\"/>")
                .contains("<span>100.0</span><span>10.0</span><span>1.0</span>");
    }

    @Test
    void drawsNothingOfNothing() {
        var none = List.of(series("p50", 1, -1.0, -1.0));
        assertThat(plot(none).lines(value -> "x").page()).doesNotContain("polyline", "<title>", "NaN");
        assertThat(plot(List.of(series("a", 1, 0.0, 0.0))).bars(value -> "x", 2).page())
                .doesNotContain("<rect", "NaN");
    }

    @Test
    void drawsALineOfOneValue() {
        var html =
                plot(List.of(series("p50", 1, 10.0, 10.0))).lines(value -> "x").page();
        assertThat(html).contains("<polyline points=\"5,100 15,100\"/>").doesNotContain("NaN");
    }

    @Test
    void keepsTheBarOfACellWithinIt() {
        assertThat(Plot.bar(0.5)).contains("width=\"50\"");
        assertThat(Plot.bar(7)).contains("width=\"100\"");
    }
}
