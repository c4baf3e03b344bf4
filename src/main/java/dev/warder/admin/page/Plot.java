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

    private static final List<Double> NICE = List.of(1.2, 1.6, 2.0, 2.4, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0);

    /** The same for numbers up to 10, which may be whole ones. */
    private static final List<Double> EVEN = List.of(2.0, 4.0, 6.0, 8.0, 10.0);

    Html bars(DoubleFunction<String> axis, double least) {
        double most = nice(Math.max(least, most()));
        var shapes = new Html();
        double[] sums = new double[times.size()];
        for (var each : series) {
            shapes.markup("<g class=\"c" + each.color() + "\">");
            for (int i = 0; i < times.size(); i++) {
                double value = Math.max(0, each.values().get(i));
                if (value > 0) {
                    double top = HEIGHT - (sums[i] + value) / most * HEIGHT;
                    shapes.markup("<rect x=\"" + text(i * SLOT + (SLOT - BAR) / 2) + "\" y=\"" + text(top)
                            + "\" width=\"" + text(BAR) + "\" height=\"" + text(value / most * HEIGHT) + "\"/>");
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
            shapes.markup("<g class=\"c" + each.color() + "\">");
            runs(each.values(), low, high).forEach(shapes::markup);
            shapes.markup("</g>");
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
                lines.add("<polyline points=\"" + points.toString().strip() + "\"/>");
                points.setLength(0);
            }
        }
        return lines;
    }

    private static String point(double x, double y) {
        return text(x) + "," + text(Math.max(0, Math.min(HEIGHT, y))) + " ";
    }

    private Html figure(String kind, Html shapes, List<String> axis) {
        var html = new Html().markup("<figure class=\"" + kind + "\">\n<ul class=\"legend\">");
        series.forEach(each -> html.markup("<li class=\"c" + each.color() + "\">")
                .text(each.title())
                .markup("</li>"));
        html.markup("</ul>\n<div class=\"plot\">\n<div class=\"y\" aria-hidden=\"true\">");
        axis.forEach(label -> html.element("span", label));
        int width = times.size() * SLOT;
        html.markup("</div>\n<svg viewBox=\"0 0 " + width + " 100\" preserveAspectRatio=\"none\" role=\"img\"")
                .attribute("aria-label", label)
                .markup(">");
        grid(html, width, axis.size() - 1);
        html.markup(shapes.page());
        hints(html);
        html.markup("</svg>\n<div class=\"x\" aria-hidden=\"true\">");
        for (int i = 0; i < ticks; i++) {
            html.element("span", times.get(i * (times.size() - 1) / (ticks - 1)));
        }
        return html.markup("</div>\n</div>\n</figure>\n");
    }

    private static void grid(Html html, int width, int parts) {
        html.markup("<g class=\"grid\">");
        for (int i = 0; i <= parts; i++) {
            String y = text((double) HEIGHT * i / parts);
            html.markup("<line x1=\"0\" x2=\"" + width + "\" y1=\"" + y + "\" y2=\"" + y + "\"/>");
        }
        html.markup("</g>");
    }

    private void hints(Html html) {
        html.markup("<g class=\"hint\">");
        for (int i = 0; i < times.size(); i++) {
            var hint = new StringBuilder(times.get(i)).append(" UTC");
            boolean known = false;
            for (var each : series) {
                if (each.values().get(i) > 0) {
                    known = true;
                    hint.append("\n")
                            .append(each.title())
                            .append(": ")
                            .append(each.texts().get(i));
                }
            }
            if (known) {
                html.markup("<rect x=\"" + i * SLOT + "\" width=\"10\" height=\"100\">")
                        .element("title", hint.toString())
                        .markup("</rect>");
            }
        }
        html.markup("</g>");
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
