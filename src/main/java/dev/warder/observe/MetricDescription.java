package dev.warder.observe;

import java.util.List;

/**
 * The description of a metric for registries and pages.
 *
 * @param meterName the name in Micrometer and JMX: words in lower case, separated by dots
 * @param kind what is measured
 * @param unit the unit as Prometheus names it; empty for a plain number
 * @param help the meaning, in one line
 * @param labels the names of its labels
 */
public record MetricDescription(String meterName, Kind kind, String unit, String help, List<String> labels) {
    public MetricDescription {
        labels = List.copyOf(labels);
    }

    /** The measured quantity. */
    public enum Kind {
        COUNTER,
        GAUGE,
        /** Times, counted in buckets; with their number, sum and the recent maximum. */
        HISTOGRAM
    }

    /**
     * The name in the Prometheus text. A histogram has series with {@code _bucket}, {@code _count}, {@code _sum} and
     * {@code _max}.
     */
    public String prometheusName() {
        String base = meterName.replace('.', '_') + (unit.isEmpty() ? "" : "_" + unit);
        return kind == Kind.COUNTER ? base + "_total" : base;
    }
}
