package dev.warder.openai.response;

import dev.warder.json.JsonTree;
import dev.warder.messages.Usage;
import jakarta.json.JsonObject;

/** The usage of a chat completion. */
final class ChatUsage {
    private ChatUsage() {}

    /** In OpenAI's shape, where {@code prompt_tokens} are all tokens of the request. */
    static JsonObject json(Usage usage) {
        var promptDetails = JsonTree.newObject().add("cached_tokens", usage.cacheRead());
        var completionDetails = JsonTree.newObject().add("reasoning_tokens", usage.thinking());
        return JsonTree.newObject()
                .add("prompt_tokens", usage.prompt())
                .add("completion_tokens", usage.output())
                .add("total_tokens", usage.prompt() + usage.output())
                .add("prompt_tokens_details", promptDetails)
                .add("completion_tokens_details", completionDetails)
                .build();
    }
}
