package dev.warder.openai;

import dev.warder.body.Chunks;
import dev.warder.openai.document.RequestDocument;
import dev.warder.translation.Translation;
import jakarta.json.JsonObject;
import java.util.function.Function;

/**
 * Translates a request whose body is a document. One thread at a time.
 *
 * @param documents translates the parsed body, and keeps no part of it
 */
record DocumentTranslator(Function<JsonObject, Outcome> documents) implements Translation {
    @Override
    public long valueMemory(Chunks body) {
        return RequestDocument.valueMemory(body);
    }

    @Override
    public Outcome translate(Chunks body) {
        return RequestDocument.parse(body).map(documents).orElseGet(Refusals::unreadable);
    }
}
