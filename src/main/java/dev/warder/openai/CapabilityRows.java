package dev.warder.openai;

import dev.warder.config.InvalidValueException;
import dev.warder.config.LiveText;
import dev.warder.json.JsonTree;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;

/** The file of {@code openai.capabilities}, in the form of the API's response to {@code GET /v1/models}. */
final class CapabilityRows {
    private CapabilityRows() {}

    /** The document, if each of its rows names a model; the other members of a row are read later. */
    static JsonObject parse(byte[] content) throws InvalidValueException {
        JsonValue value =
                JsonTree.parse(LiveText.decode(content)).orElseThrow(() -> new InvalidValueException("is no JSON"));
        if (!(value instanceof JsonObject document && document.get("data") instanceof JsonArray rows)) {
            throw new InvalidValueException("is not {\"data\": [...]}");
        }
        for (int i = 0; i < rows.size(); i++) {
            if (!(rows.get(i) instanceof JsonObject row && namesModels(row))) {
                throw new InvalidValueException("row " + (i + 1) + " needs \"id\" or \"ids\" with the names of models");
            }
        }
        return document;
    }

    private static boolean namesModels(JsonObject row) {
        if (row.get("ids") instanceof JsonArray names) {
            return !names.isEmpty() && names.stream().allMatch(CapabilityRows::isName);
        }
        return row.get("id") instanceof JsonString name && isName(name);
    }

    private static boolean isName(JsonValue value) {
        return value instanceof JsonString name && !name.getString().isBlank();
    }
}
