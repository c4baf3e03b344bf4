package dev.warder.usage;

import dev.warder.usage.UsageCounts.CountRange;
import java.util.OptionalLong;

/** The tokens that a request wrote to the cache, by how long they are kept there. Immutable. */
public record CacheWrites(long fiveMinutes, long oneHour) {
    public static final CacheWrites NONE = new CacheWrites(0, 0);

    public CacheWrites {
        CountRange.check(fiveMinutes);
        CountRange.check(oneHour);
    }

    /**
     * The writes of a {@code usage} object. The sum states how many there are and the split which of them are kept for an
     * hour, so that they are never added. All others are kept for five minutes: all without a split, and those by which the
     * sum has grown after the split was reported.
     *
     * @param sum {@code cache_creation_input_tokens}
     * @param fiveMinutes {@code cache_creation.ephemeral_5m_input_tokens}
     * @param oneHour {@code cache_creation.ephemeral_1h_input_tokens}
     */
    public static CacheWrites of(OptionalLong sum, OptionalLong fiveMinutes, OptionalLong oneHour) {
        long hour = oneHour.orElse(0);
        if (sum.isEmpty()) {
            return new CacheWrites(fiveMinutes.orElse(0), hour);
        }
        long all = sum.getAsLong();
        return new CacheWrites(all - Math.min(hour, all), Math.min(hour, all));
    }

    public long sum() {
        return fiveMinutes + oneHour;
    }
}
