package dev.warder.config;

import jakarta.json.JsonObject;
import java.util.function.Supplier;

/**
 * How requests on OpenAI paths are answered. Thread-safe. What the suppliers give is the same object until its file has
 * changed, and never waits.
 *
 * @param enabled whether anything but 404 is answered there
 * @param models which model is asked for which name, {@code openai.defaultModel} included
 * @param maxTokens {@code max_tokens} where a request says no limit, at least 1
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
