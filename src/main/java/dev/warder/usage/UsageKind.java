package dev.warder.usage;

/** The kinds of consumption that a row has a price for. */
public enum UsageKind {
    INPUT("input", 1_000_000),
    CACHE_WRITE_5M("cache write 5m", 1_000_000),
    CACHE_WRITE_1H("cache write 1h", 1_000_000),
    CACHE_READ("cache read", 1_000_000),
    OUTPUT("output", 1_000_000),
    WEB_SEARCH("web search", 1_000),
    WEB_FETCH("web fetch", 1_000);

    private static final long NANOS = 1_000_000_000;

    private final String label;
    private final long unit;

    UsageKind(String label, long unit) {
        this.label = label;
        this.unit = unit;
    }

    public String label() {
        return label;
    }

    public long unit() {
        return unit;
    }

    /** The nano-dollars for one of them at a price of one dollar. */
    long nanosPerDollar() {
        return NANOS / unit;
    }
}
