package dev.warder.openai.items;

import dev.warder.config.ModelMap;
import dev.warder.models.ModelCatalog;
import dev.warder.openai.reasoning.ReasoningSeal;
import jakarta.json.JsonObject;

/**
 * Reads requests to the Responses API, by the model's capabilities. Every member is translated, listed as ignored, or
 * refuses the request. Thread-safe.
 */
public final class ResponsesRequestReader {
    /**
     * Reads requests by the given models.
     *
     * @param reasoning the setting that shows thinking in responses
     * @param seal opens {@code encrypted_content}
     */
    public ResponsesRequestReader(ModelCatalog catalog, ModelMap models, boolean reasoning, ReasoningSeal seal) {}

    /**
     * Translates the parsed body of a request for a response; keeps no part of it.
     *
     * @param web whether the client may have the model search the web
     */
    public ResponsesTranslation translate(JsonObject request, boolean web) {
        throw new UnsupportedOperationException();
    }

    /** Like {@link #translate}, for a request that asks how many tokens its input has. */
    public ResponsesTranslation countTokens(JsonObject request, boolean web) {
        throw new UnsupportedOperationException();
    }
}
