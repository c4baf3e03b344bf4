package dev.warder.stream;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.util.OptionalLong;

/**
 * The consumption of a message, as a {@code usage} object counts it. A count that is not reported is 0. Those of written
 * tokens are empty then, since one may follow from the others. Immutable.
 *
 * @param input tokens of the request after its last cache breakpoint
 * @param cacheCreation tokens of the request that were written to the cache
 * @param cacheCreation5m how many of them are kept for five minutes
 * @param cacheCreation1h how many of them are kept for an hour
 * @param cacheRead tokens of the request that were read from the cache
 * @param output tokens of the response, thinking included
 * @param thinking of these, tokens of thinking
 * @param webSearches requests of the server tool {@code web_search}
 * @param webFetches requests of the server tool {@code web_fetch}
 */
public record Usage(
        long input,
        OptionalLong cacheCreation,
        OptionalLong cacheCreation5m,
        OptionalLong cacheCreation1h,
        long cacheRead,
        long output,
        long thinking,
        long webSearches,
        long webFetches) {
    public static final Usage NONE =
            new Usage(0, OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), 0, 0, 0, 0, 0);

    private static final long MISSING = -1;

    /**
     * The counts after a further {@code usage} object. Counts are cumulative, so that each replaces the one before; one that
     * is missing, null or not a count keeps its value.
     */
    public Usage with(JsonObject usage) {
        var split = JsonTree.object(usage, "cache_creation");
        var tools = JsonTree.object(usage, "server_tool_use");
        var details = JsonTree.object(usage, "output_tokens_details");
        return new Usage(
                JsonTree.count(usage, "input_tokens", input),
                count(usage, "cache_creation_input_tokens", cacheCreation),
                count(split, "ephemeral_5m_input_tokens", cacheCreation5m),
                count(split, "ephemeral_1h_input_tokens", cacheCreation1h),
                JsonTree.count(usage, "cache_read_input_tokens", cacheRead),
                JsonTree.count(usage, "output_tokens", output),
                JsonTree.count(details, "thinking_tokens", thinking),
                JsonTree.count(tools, "web_search_requests", webSearches),
                JsonTree.count(tools, "web_fetch_requests", webFetches));
    }

    public long prompt() {
        return input + cacheWritten() + cacheRead;
    }

    /** Tokens of the request that were written to the cache; 0 where they are not reported. */
    public long cacheWritten() {
        return cacheCreation.orElse(0);
    }

    private static OptionalLong count(JsonObject counts, String name, OptionalLong before) {
        long count = JsonTree.count(counts, name, MISSING);
        return count == MISSING ? before : OptionalLong.of(count);
    }
}
