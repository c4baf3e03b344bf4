package dev.warder.observe;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads the text format of Prometheus, version 0.0.4, strictly: an {@link AssertionError} for everything that it does not allow. */
public final class Scrape {
    private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\"";
    private static final Pattern SAMPLE = Pattern.compile(
            "([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(" + LABEL + "(?:," + LABEL + ")*),?})? (NaN|[+-]Inf|[-+0-9.eE]+)");
    private static final Pattern META = Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");

    private final Map<String, Double> samples = new LinkedHashMap<>();
    private final Map<String, String> types = new TreeMap<>();

    /** The name in the text. A histogram has series with {@code _bucket}, {@code _count}, {@code _sum} and {@code _max}. */
    public static String name(MetricName metric) {
        String base = metric.meterName().replace('.', '_') + (metric.unit().isEmpty() ? "" : "_" + metric.unit());
        return metric.kind() == MetricName.Kind.COUNTER ? base + "_total" : base;
    }

    /** Reads a whole text. */
    public static Scrape of(String text) {
        var scrape = new Scrape();
        check(text.endsWith("\n"), "no line break at the end");
        text.lines().forEach(scrape::line);
        return scrape;
    }

    private void line(String line) {
        if (line.startsWith("#")) {
            var meta = META.matcher(line);
            check(meta.matches(), line);
            if (meta.group(1).equals("TYPE")) {
                check(types.put(meta.group(2), meta.group(3)) == null, line);
            }
            return;
        }
        var sample = SAMPLE.matcher(line);
        check(sample.matches(), line);
        String key = sample.group(1) + (sample.group(2) == null ? "" : "{" + sample.group(2) + "}");
        double value = sample.group(3).endsWith("Inf")
                ? (sample.group(3).startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY)
                : Double.parseDouble(sample.group(3));
        check(samples.put(key, value) == null, line);
        check(types.keySet().stream().anyMatch(name -> sample.group(1).startsWith(name)), "no TYPE for " + line);
    }

    /** The values by name and labels, such as {@code warder_x_total{a="b"}}, in the order of the text. */
    public Map<String, Double> samples() {
        return samples;
    }

    /** The types by name. */
    public Map<String, String> types() {
        return types;
    }

    /** The value of one series. */
    public double value(String series) {
        check(samples.containsKey(series), "no " + series + " in " + samples.keySet());
        return samples.getOrDefault(series, Double.NaN);
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
