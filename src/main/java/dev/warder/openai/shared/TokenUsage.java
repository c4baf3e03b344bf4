package dev.warder.openai.shared;

import dev.warder.json.JsonTree;
import dev.warder.stream.Usage;
import jakarta.json.JsonObject;

/** The usage of a response, in tokens. Thread-safe. */
public final class TokenUsage {
    private TokenUsage() {}

    /**
     * In OpenAI's shape, where all tokens of the request count as input, from the cache or not.
     *
     * @param input the dialect's word for the input, which begins the names of members
     * @param output its word for the output
     */
    public static JsonObject json(Usage usage, String input, String output) {
        var inputDetails = JsonTree.newObject()
                .add("cached_tokens", usage.cacheRead())
                .add("cache_write_tokens", usage.cacheWritten());
        return JsonTree.newObject()
                .add(input + "_tokens", usage.prompt())
                .add(output + "_tokens", usage.output())
                .add("total_tokens", usage.prompt() + usage.output())
                .add(input + "_tokens_details", inputDetails)
                .add(output + "_tokens_details", JsonTree.newObject().add("reasoning_tokens", usage.thinking()))
                .build();
    }
}
