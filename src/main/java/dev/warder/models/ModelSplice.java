package dev.warder.models;

import dev.warder.body.Chunks;
import dev.warder.body.Splice;
import dev.warder.json.JsonOutline;
import dev.warder.json.JsonText;
import dev.warder.json.RequestEdit;
import java.util.List;

/** Replaces an alias in the body's {@code model} by the model that it stands for. Thread-safe. */
final class ModelSplice implements RequestEdit {
    @Override
    public List<Splice> splices(JsonOutline outline, Chunks body) {
        if (outline.alias().isEmpty()) {
            return List.of();
        }
        byte[] literal = JsonText.literal(outline.modelName().orElseThrow());
        return List.of(new Splice(outline.model().from(), outline.model().to(), literal));
    }
}
