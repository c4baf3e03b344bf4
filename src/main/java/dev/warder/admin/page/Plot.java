package dev.warder.admin.page;

import dev.warder.admin.page.TimePanels.Series;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * Plots of series over time, as SVG of 10 units for each slot and 100 units of height, which the style sheet stretches to any
 * size; the axes are HTML, so that their type keeps its size. Immutable.
 *
 * @param label what the plot shows, for screen readers, which find the values in the table
 * @param times the labels of all slots
 * @param ticks how many of them are at the axis
 * @param series the first one is at the bottom
 */
record Plot(String label, List<String> times, int ticks, List<Series> series) {
    private static final int SLOT = 10;
    private static final int HEIGHT = 100;
    private static final double BAR = 7;
    private static final String LABEL = "<span>{}</span>";

    private static final List<Double> NICE = List.of(1.2, 1.6, 2.0, 2.4, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0);

    /** The same for numbers up to 10, which may be whole ones. */
    private static final List<Double> EVEN = List.of(2.0, 4.0, 6.0, 8.0, 10.0);

    Html bars(DoubleFunction<String> axis, double least) {
        double most = nice(Math.max(least, most()));
        var shapes = new Html();
        double[] sums = new double[times.size()];
        for (var each : series) {
            shapes.markup("<g class=\"c{}\">", each.color());
            for (int i = 0; i < times.size(); i++) {
                double value = Math.max(0, each.values().get(i));
                if (value > 0) {
                    shapes.markup(
                            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
                            text(i * SLOT + (SLOT - BAR) / 2),
                            text(HEIGHT - (sums[i] + value) / most * HEIGHT),
                            text(BAR),
                            text(value / most * HEIGHT));
                    sums[i] += value;
                }
            }
            shapes.markup("</g>");
        }
        return figure("bars", shapes, List.of(axis.apply(most), axis.apply(most / 2), axis.apply(0)));
    }

    Html lines(DoubleFunction<String> axis) {
        var known = series.stream()
                .flatMap(each -> each.values().stream())
                .filter(value -> value > 0)
                .toList();
        int low = known.isEmpty() ? 0 : (int) Math.floor(Math.log10(Collections.min(known)));
        int high = known.isEmpty() ? 2 : Math.max(low + 1, (int) Math.ceil(Math.log10(Collections.max(known))));
        var shapes = new Html();
        for (var each : series) {
            shapes.markup("<g class=\"c{}\">{}</g>", each.color(), runs(each.values(), low, high));
        }
        var labels = new ArrayList<String>();
        for (int power = high; power >= low; power--) {
            labels.add(axis.apply(Math.pow(10, power)));
        }
        return figure("lines", shapes, labels);
    }

    static String bar(double share) {
        return "<svg class=\"bar\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
                + "<rect width=\"" + text(Math.max(0, Math.min(1, share)) * 100) + "\" height=\"10\"/></svg>";
    }

    private static Html runs(List<Double> values, int low, int high) {
        var lines = new Html();
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
                lines.markup("<polyline points=\"{}\"/>", points.toString().strip());
                points.setLength(0);
            }
        }
        return lines;
    }

    private static String point(double x, double y) {
        return text(x) + "," + text(Math.max(0, Math.min(HEIGHT, y))) + " ";
    }

    private Html figure(String kind, Html shapes, List<String> axis) {
        var legend = new Html();
        series.forEach(each -> legend.markup("<li class=\"c{}\">{}</li>", each.color(), each.title()));
        var labels = new Html();
        axis.forEach(each -> labels.markup(LABEL, each));
        int width = times.size() * SLOT;
        var ends = new Html();
        for (int i = 0; i < ticks; i++) {
            ends.markup(LABEL, times.get(i * (times.size() - 1) / (ticks - 1)));
        }
        return Html.of(
                """
                <figure class="{}">
                <ul class="legend">{}</ul>
                <div class="plot">
                <div class="y" aria-hidden="true">{}</div>
                <svg viewBox="0 0 {} 100" preserveAspectRatio="none" role="img" aria-label="{}">{}{}{}</svg>
                <div class="x" aria-hidden="true">{}</div>
                </div>
                </figure>
                """,
                kind,
                legend,
                labels,
                width,
                label,
                grid(width, axis.size() - 1),
                shapes,
                hints(),
                ends);
    }

    private static Html grid(int width, int parts) {
        var lines = new Html();
        for (int i = 0; i <= parts; i++) {
            String y = text((double) HEIGHT * i / parts);
            lines.markup("<line x1=\"0\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>", width, y, y);
        }
        return Html.of("<g class=\"grid\">{}</g>", lines);
    }

    private Html hints() {
        var hints = new Html();
        for (int i = 0; i < times.size(); i++) {
            var hint = new StringBuilder();
            for (var each : series) {
                if (each.values().get(i) > 0) {
                    hint.append("\n" + each.title() + ": " + each.texts().get(i));
                }
            }
            if (!hint.isEmpty()) {
                String markup = "<rect x=\"{}\" width=\"10\" height=\"100\"><title>{} UTC{}</title></rect>";
                hints.markup(markup, i * SLOT, times.get(i), hint);
            }
        }
        return Html.of("<g class=\"hint\">{}</g>", hints);
    }

    private double most() {
        double most = 0;
        for (int i = 0; i < times.size(); i++) {
            double sum = 0;
            for (var each : series) {
                sum += Math.max(0, each.values().get(i));
            }
            most = Math.max(most, sum);
        }
        return most;
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

    private static String text(double number) {
        return BigDecimal.valueOf(number)
                .setScale(2, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }
}
