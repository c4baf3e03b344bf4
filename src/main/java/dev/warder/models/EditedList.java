package dev.warder.models;

import dev.warder.json.JsonOutline;
import dev.warder.translation.ContentEdit;
import dev.warder.translation.ResponseEdit;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Appends aliases to the list of models, and removes what its reader may not use. Thread-safe.
 *
 * @param aliases each with the model that it stands for, in their order
 * @param listed which names are listed; empty for all
 */
record EditedList(Map<String, String> aliases, Optional<Predicate<String>> listed) implements ResponseEdit {
    @Override
    public Optional<ContentEdit> ofStream(Optional<JsonOutline> none) {
        return Optional.empty();
    }

    @Override
    public Optional<ContentEdit> ofDocument(Optional<JsonOutline> none) {
        return Optional.of(new ModelListEdit(aliases, listed));
    }
}
