package dev.warder.openai;

import jakarta.json.JsonObject;

/**
 * What a message used, in tokens. Immutable.
 *
 * @param input after the last cache mark
 * @param cacheCreation written to the cache
 * @param cacheRead read from the cache
 * @param output made, thinking included
 * @param thinking of these for thinking
 */
record ChatUsage(long input, long cacheCreation, long cacheRead, long output, long thinking) {
    static final ChatUsage NONE = new ChatUsage(0, 0, 0, 0, 0);

    /** With what {@code usage} tells: counts are cumulative, and one that is missing, null or no count stays as it was. */
    ChatUsage with(JsonObject usage) {
        return new ChatUsage(
                UpstreamJson.count(usage, "input_tokens", input),
                UpstreamJson.count(usage, "cache_creation_input_tokens", cacheCreation),
                UpstreamJson.count(usage, "cache_read_input_tokens", cacheRead),
                UpstreamJson.count(usage, "output_tokens", output),
                UpstreamJson.count(UpstreamJson.object(usage, "output_tokens_details"), "thinking_tokens", thinking));
    }

    /** In OpenAI's shape, where the prompt is all that went in, from the cache or not. */
    JsonObject json() {
        long prompt = input + cacheCreation + cacheRead;
        var promptDetails = UpstreamJson.BUILDERS.createObjectBuilder().add("cached_tokens", cacheRead);
        var completionDetails = UpstreamJson.BUILDERS.createObjectBuilder().add("reasoning_tokens", thinking);
        return UpstreamJson.BUILDERS
                .createObjectBuilder()
                .add("prompt_tokens", prompt)
                .add("completion_tokens", output)
                .add("total_tokens", prompt + output)
                .add("prompt_tokens_details", promptDetails)
                .add("completion_tokens_details", completionDetails)
                .build();
    }
}
