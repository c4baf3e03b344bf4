package dev.warder.models;

import dev.warder.json.JsonOutline;
import dev.warder.translation.ContentEdit;
import dev.warder.translation.ResponseEdit;
import java.util.Map;
import java.util.Optional;

/**
 * Appends aliases to the list of models. Thread-safe.
 *
 * @param aliases each with the model that it stands for, in their order
 */
record AliasesInList(Map<String, String> aliases) implements ResponseEdit {
    @Override
    public Optional<ContentEdit> ofStream(Optional<JsonOutline> none) {
        return Optional.empty();
    }

    @Override
    public Optional<ContentEdit> ofDocument(Optional<JsonOutline> none) {
        return Optional.of(new ModelListEdit(aliases));
    }
}
