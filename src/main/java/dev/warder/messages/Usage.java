package dev.warder.messages;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;

/**
 * The tokens of a message, as {@code usage} counts them. Immutable.
 *
 * @param input tokens of the request after its last cache breakpoint
 * @param cacheCreation tokens of the request that were written to the cache
 * @param cacheRead tokens of the request that were read from the cache
 * @param output tokens of the response, thinking included
 * @param thinking of these, tokens of thinking
 */
public record Usage(long input, long cacheCreation, long cacheRead, long output, long thinking) {
    /** No token. */
    public static final Usage NONE = new Usage(0, 0, 0, 0, 0);

    /**
     * The counts after a further {@code usage} object. Counts are cumulative; one that is missing, null or not a count
     * keeps its value.
     */
    public Usage with(JsonObject usage) {
        return new Usage(
                JsonTree.count(usage, "input_tokens", input),
                JsonTree.count(usage, "cache_creation_input_tokens", cacheCreation),
                JsonTree.count(usage, "cache_read_input_tokens", cacheRead),
                JsonTree.count(usage, "output_tokens", output),
                JsonTree.count(JsonTree.object(usage, "output_tokens_details"), "thinking_tokens", thinking));
    }

    /** All tokens of the request, from the cache or not. */
    public long prompt() {
        return input + cacheCreation + cacheRead;
    }
}
