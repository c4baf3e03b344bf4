package dev.warder.usage;

import java.util.OptionalLong;

/**
 * The consumption of one model in one try of a request, by kind. Immutable.
 *
 * @param input tokens of the prompt that were neither written to the cache nor read from it
 * @param read tokens of the prompt that were read from the cache
 * @param output tokens of the response, thinking included
 * @param thinking how many tokens of {@code output} are thinking; they have no price of their own
 * @param webSearches requests of the server tool {@code web_search}
 * @param webFetches requests of the server tool {@code web_fetch}
 */
public record UsageCounts(
        long input, CacheWrites writes, long read, long output, long thinking, long webSearches, long webFetches) {
    public static final UsageCounts NONE = new UsageCounts(0, CacheWrites.NONE, 0, 0, 0, 0, 0);

    /** The largest count. No message comes near it, and the sum of several fits into a {@code long}. */
    public static final long MOST = 999_999_999_999_999L;

    public UsageCounts {
        CacheWrites.check(input);
        CacheWrites.check(read);
        CacheWrites.check(output);
        CacheWrites.check(thinking);
        CacheWrites.check(webSearches);
        CacheWrites.check(webFetches);
    }

    /** The sum, in which no count exceeds {@link #MOST}. */
    public UsageCounts plus(UsageCounts other) {
        return new UsageCounts(
                sum(input, other.input),
                new CacheWrites(
                        sum(writes.fiveMinutes(), other.writes.fiveMinutes()),
                        sum(writes.oneHour(), other.writes.oneHour())),
                sum(read, other.read),
                sum(output, other.output),
                sum(thinking, other.thinking),
                sum(webSearches, other.webSearches),
                sum(webFetches, other.webFetches));
    }

    private static long sum(long a, long b) {
        return Math.min(MOST, a + b);
    }

    public boolean isNone() {
        return prompt() == 0 && output == 0 && thinking == 0 && webSearches == 0 && webFetches == 0;
    }

    public long prompt() {
        return input + writes.sum() + read;
    }

    public long count(Kind kind) {
        return switch (kind) {
            case INPUT -> input;
            case CACHE_WRITE_5M -> writes.fiveMinutes();
            case CACHE_WRITE_1H -> writes.oneHour();
            case CACHE_READ -> read;
            case OUTPUT -> output;
            case WEB_SEARCH -> webSearches;
            case WEB_FETCH -> webFetches;
        };
    }

    /** The kinds of consumption that a row has a price for. */
    public enum Kind {
        INPUT("input", "input", 1_000_000),
        CACHE_WRITE_5M("cache write 5m", "write5m", 1_000_000),
        CACHE_WRITE_1H("cache write 1h", "write1h", 1_000_000),
        CACHE_READ("cache read", "read", 1_000_000),
        OUTPUT("output", "output", 1_000_000),
        WEB_SEARCH("web search", "webSearch", 1_000),
        WEB_FETCH("web fetch", "webFetch", 1_000);

        private static final long NANOS = 1_000_000_000;

        private final String label;

        /** Its member in a file of prices. */
        final String member;

        private final long unit;

        Kind(String label, String member, long unit) {
            this.label = label;
            this.member = member;
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

    /** The tokens that a request wrote to the cache, by how long they are kept there. Immutable. */
    public record CacheWrites(long fiveMinutes, long oneHour) {
        public static final CacheWrites NONE = new CacheWrites(0, 0);

        public CacheWrites {
            check(fiveMinutes);
            check(oneHour);
        }

        /**
         * Refuses a count that is out of range, for {@link UsageCounts} too, whose constant {@code NONE} needs that of this
         * class. If this class called a method of {@code UsageCounts}, each would need the initialization of the other, and one
         * of them would find the other's constant null.
         */
        private static void check(long count) {
            if (count < 0 || count > MOST) {
                throw new IllegalArgumentException("a count is out of range");
            }
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
}
