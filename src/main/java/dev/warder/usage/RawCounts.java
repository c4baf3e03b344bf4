package dev.warder.usage;

import dev.warder.json.JsonTree;
import dev.warder.prices.CacheWrites;
import dev.warder.prices.UsageCounts;
import jakarta.json.JsonObject;
import java.util.OptionalLong;

/**
 * The counts of a {@code usage} object as the upstream reports them. A negative count is one that was not reported. Immutable.
 *
 * @param writes all tokens that were written to the cache
 * @param fiveMinutes how many of them are kept for five minutes, at the moment of the report
 * @param oneHour how many of them are kept for an hour
 */
record RawCounts(
        long input,
        long writes,
        long fiveMinutes,
        long oneHour,
        long read,
        long output,
        long thinking,
        long webSearches,
        long webFetches) {
    private static final long MISSING = -1;

    /** Nothing was reported. */
    static final RawCounts NONE =
            new RawCounts(MISSING, MISSING, MISSING, MISSING, MISSING, MISSING, MISSING, MISSING, MISSING);

    /**
     * The counts after a further {@code usage} object. Counts are cumulative, so that each replaces the one before; one that
     * is missing, null or not a count keeps its value.
     */
    RawCounts with(JsonObject usage) {
        var split = JsonTree.object(usage, "cache_creation");
        var tools = JsonTree.object(usage, "server_tool_use");
        var details = JsonTree.object(usage, "output_tokens_details");
        return new RawCounts(
                JsonTree.count(usage, "input_tokens", input),
                JsonTree.count(usage, "cache_creation_input_tokens", writes),
                JsonTree.count(split, "ephemeral_5m_input_tokens", fiveMinutes),
                JsonTree.count(split, "ephemeral_1h_input_tokens", oneHour),
                JsonTree.count(usage, "cache_read_input_tokens", read),
                JsonTree.count(usage, "output_tokens", output),
                JsonTree.count(details, "thinking_tokens", thinking),
                JsonTree.count(tools, "web_search_requests", webSearches),
                JsonTree.count(tools, "web_fetch_requests", webFetches));
    }

    /** The counts, each kind of token once. */
    UsageCounts counts() {
        return new UsageCounts(
                known(input),
                CacheWrites.of(optional(writes), optional(fiveMinutes), optional(oneHour)),
                known(read),
                known(output),
                known(thinking),
                known(webSearches),
                known(webFetches));
    }

    private static long known(long count) {
        return Math.max(0, count);
    }

    private static OptionalLong optional(long count) {
        return count < 0 ? OptionalLong.empty() : OptionalLong.of(count);
    }
}
