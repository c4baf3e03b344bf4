package dev.warder.openai;

import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.util.List;

/**
 * A model in OpenAI's shape, with the upstream's members {@code type} and {@code display_name} for clients that read the
 * one shape or the other (rule "Dialect of shared paths"). Immutable.
 *
 * @param created in whole seconds since 1970; 0 when unknown
 */
@JsonbPropertyOrder({"id", "object", "created", "ownedBy", "type", "displayName"})
record ModelDocument(
        String id,
        String object,
        long created,
        @JsonbProperty("owned_by") String ownedBy,
        String type,
        @JsonbProperty("display_name") String displayName) {
    /** @param displayName for people; empty when unknown */
    static ModelDocument of(String id, long created, String displayName) {
        return new ModelDocument(id, "model", created, "anthropic", "model", displayName.isEmpty() ? id : displayName);
    }

    /** A list of models. */
    @JsonbPropertyOrder({"object", "data"})
    record Page(String object, List<ModelDocument> data) {
        static Page of(List<ModelDocument> models) {
            return new Page("list", models);
        }

        Page {
            data = List.copyOf(data);
        }
    }
}
