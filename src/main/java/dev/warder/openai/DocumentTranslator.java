package dev.warder.openai;

import dev.warder.body.Chunks;
import dev.warder.json.JsonTree;
import dev.warder.openai.document.ValueMemory;
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
        return ValueMemory.of(body);
    }

    @Override
    public Outcome translate(Chunks body) {
        return JsonTree.parseDistinctObject(body).map(documents).orElseGet(Refusals::unreadable);
    }
}
