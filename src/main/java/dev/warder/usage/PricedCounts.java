package dev.warder.usage;

import dev.warder.stream.Usage;

/** The counts of a {@code usage} object as they are priced, each kind of token once. */
final class PricedCounts {
    private PricedCounts() {}

    static UsageCounts of(Usage usage) {
        return new UsageCounts(
                usage.input(),
                CacheWrites.of(usage.cacheCreation(), usage.cacheCreation5m(), usage.cacheCreation1h()),
                usage.cacheRead(),
                usage.output(),
                usage.thinking(),
                usage.webSearches(),
                usage.webFetches());
    }
}
