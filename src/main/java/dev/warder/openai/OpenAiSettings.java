package dev.warder.config;

import jakarta.json.JsonObject;
import java.util.function.Supplier;

/**
 * How requests on OpenAI paths are served. Thread-safe. What the suppliers give is the same object until its file has
 * changed, and never waits.
 *
 * @param enabled whether OpenAI paths are served; otherwise they return 404
 * @param models which model is asked for which name, {@code openai.defaultModel} included
 * @param maxTokens {@code max_tokens} for a request without a limit, at least 1
 * @param reasoning whether thinking is shown as {@code reasoning_content}
 * @param capabilities the operator's rows, {@code {"data": [{"id": …}]}}; no rows where the setting is unset
 */
public record OpenAi(
        boolean enabled,
        Supplier<ModelMap> models,
        int maxTokens,
        boolean reasoning,
        Supplier<JsonObject> capabilities) {
    /** Refuses values out of range. */
    public OpenAi {
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens is out of range");
        }
    }
}
