package dev.warder.observe;

/** The kinds of telemetry that OTLP has a path for. */
public enum Signal {
    METRICS("metrics"),
    LOGS("logs"),
    TRACES("traces");

    private final String word;

    Signal(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }
}
