package dev.warder.usage;

/** The kinds of consumption that a row has a price for. */
public enum UsageKind {
    INPUT("input", Unit.MILLION),
    CACHE_WRITE_5M("cache write 5m", Unit.MILLION),
    CACHE_WRITE_1H("cache write 1h", Unit.MILLION),
    CACHE_READ("cache read", Unit.MILLION),
    OUTPUT("output", Unit.MILLION),
    WEB_SEARCH("web search", Unit.THOUSAND),
    WEB_FETCH("web fetch", Unit.THOUSAND);

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

    private static final class Unit {
        static final long MILLION = 1_000_000;
        static final long THOUSAND = 1_000;
    }
}
