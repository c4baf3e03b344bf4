package dev.warder.observe;

import java.util.Locale;

/** The kinds of telemetry that OTLP has a path for. */
public enum Signal {
    METRICS,
    LOGS,
    TRACES;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
