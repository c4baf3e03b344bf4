package dev.warder.models;

import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbPropertyOrder;

/**
 * An alias in the API's list of models, for a model that the list does not have. Immutable.
 *
 * @param createdAt the epoch, which the API too has for a model whose release date is unknown
 */
@JsonbPropertyOrder({"type", "id", "displayName", "createdAt"})
record ListedAlias(
        String type,
        String id,
        @JsonbProperty("display_name") String displayName,
        @JsonbProperty("created_at") String createdAt) {
    static ListedAlias of(String alias) {
        return new ListedAlias("model", alias, alias, "1970-01-01T00:00:00Z");
    }
}
