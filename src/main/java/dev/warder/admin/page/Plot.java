package dev.warder.admin.page;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;

/**
 * Plots of series over time. Immutable.
 *
 * @param label what the plot shows, for screen readers, which find the values in the table
 * @param times the labels of all slots
 * @param ticks how many of them are at the axis
 * @param series the first one is at the bottom
 */
public record Plot(String label, List<String> times, int ticks, List<Series> series) {
    private static final int SLOT = 10;
    private static final int HEIGHT = 100;
    private static final double BAR = 7;

    private static final List<Double> NICE = List.of(1.2, 1.6, 2.0, 2.4, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0);

    /** The same for numbers up to 10, which may be whole ones. */
    private static final List<Double> EVEN = List.of(2.0, 4.0, 6.0, 8.0, 10.0);

    /**
     * One series, a value for each slot. Immutable.
     *
     * @param title in the legend
     * @param color the number of its colour, from 1; a constant of the style sheet
     * @param values not negative; negative ones mean that nothing is known
     */
    record Series(String title, int color, List<Double> values) {}

    /**
     * A plot as SVG of 10 units for each slot and 100 units of height, which the style sheet stretches to any size; the axes are
     * HTML, so that their type keeps its size. Immutable.
     *
     * @param kind a class of the style sheet
     * @param width of all slots
     * @param axis the labels of the values, from the top
     * @param grid the heights of the lines at these labels
     * @param ends the labels of the times
     */
    public record Figure(
            String kind,
            String label,
            int width,
            List<String> axis,
            List<String> grid,
            List<Shape> shapes,
            List<String> ends) {}

    /** A series as bars, or as lines, which are lists of points. */
    public record Shape(int color, String title, List<Bar> bars, List<String> lines) {}

    /** A bar of a slot. */
    public record Bar(String x, String y, String width, String height) {}

    Figure bars(DoubleFunction<String> axis, double least) {
        double most = nice(Math.max(least, most()));
        double[] sums = new double[times.size()];
        var shapes = new ArrayList<Shape>();
        for (var each : series) {
            var bars = new ArrayList<Bar>();
            for (int i = 0; i < sums.length; i++) {
                double value = each.values().get(i);
                if (value > 0) {
                    sums[i] += value;
                    bars.add(new Bar(
                            text(i * SLOT + (SLOT - BAR) / 2),
                            text(HEIGHT - sums[i] / most * HEIGHT),
                            text(BAR),
                            text(value / most * HEIGHT)));
                }
            }
            shapes.add(new Shape(each.color(), each.title(), bars, List.of()));
        }
        return figure("bars", shapes, List.of(axis.apply(most), axis.apply(most / 2), axis.apply(0)));
    }

    Figure lines(DoubleFunction<String> axis) {
        var known = series.stream()
                .flatMap(each -> each.values().stream())
                .filter(value -> value > 0)
                .toList();
        int low = known.isEmpty() ? 0 : (int) Math.floor(Math.log10(Collections.min(known)));
        int high = known.isEmpty() ? 2 : Math.max(low + 1, (int) Math.ceil(Math.log10(Collections.max(known))));
        var shapes = series.stream()
                .map(each -> new Shape(each.color(), each.title(), List.of(), runs(each.values(), low, high)))
                .toList();
        var labels = IntStream.rangeClosed(-high, -low)
                .mapToObj(power -> axis.apply(Math.pow(10, -power)))
                .toList();
        return figure("lines", shapes, labels);
    }

    private static List<String> runs(List<Double> values, int low, int high) {
        var lines = new ArrayList<String>();
        var points = new StringBuilder();
        for (int i = 0; i <= values.size(); i++) {
            if (i < values.size() && values.get(i) > 0) {
                double y = HEIGHT - (Math.log10(values.get(i)) - low) / (high - low) * HEIGHT;
                boolean alone = points.isEmpty() && (i + 1 == values.size() || values.get(i + 1) <= 0);
                points.append(point(i * SLOT + (alone ? 1 : SLOT / 2), y));
                if (alone) {
                    points.append(point(i * SLOT + SLOT - 1, y));
                }
            } else if (!points.isEmpty()) {
                lines.add(points.toString().strip());
                points.setLength(0);
            }
        }
        return lines;
    }

    private static String point(double x, double y) {
        return text(x) + "," + text(Math.max(0, Math.min(HEIGHT, y))) + " ";
    }

    private Figure figure(String kind, List<Shape> shapes, List<String> axis) {
        var ends = IntStream.range(0, ticks)
                .mapToObj(tick -> times.get(tick * (times.size() - 1) / (ticks - 1)))
                .toList();
        int parts = axis.size() - 1;
        var grid = IntStream.rangeClosed(0, parts)
                .mapToObj(line -> text((double) HEIGHT * line / parts))
                .toList();
        return new Figure(kind, label, times.size() * SLOT, axis, grid, shapes, ends);
    }

    private double most() {
        return IntStream.range(0, times.size())
                .mapToDouble(slot -> series.stream()
                        .mapToDouble(each -> Math.max(0, each.values().get(slot)))
                        .sum())
                .max()
                .orElse(0);
    }

    static double nice(double most) {
        double decade = Math.pow(10, Math.ceil(Math.log10(most)) - 1);
        for (double step : decade == 1 ? EVEN : NICE) {
            if (step * decade >= most * 0.999999) {
                return step * decade;
            }
        }
        return 10 * decade;
    }

    static String text(double number) {
        return BigDecimal.valueOf(number)
                .setScale(2, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }
}
