package dev.warder.openai;

import dev.warder.edit.ListedModels;
import dev.warder.json.JsonDocuments;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The upstream's models in OpenAI's shape.
 *
 * <p>Each has the upstream's members {@code type} and {@code display_name} as well as OpenAI's own, for clients that read
 * the one shape or the other (rule "Dialect of shared paths").
 */
final class ChatModels {
    private ChatModels() {}

    /**
     * The {@link ListedModels} of the upstream's list.
     *
     * @param whole the body of the upstream's response
     * @param aliases plain names and the models that they stand for
     * @param listed which names are listed
     * @return empty when {@code whole} is no list of models
     */
    static Optional<byte[]> list(byte[] whole, Map<String, String> aliases, Predicate<String> listed) {
        return JsonTree.parseObject(whole, 0, whole.length)
                .flatMap(document -> ListedModels.of(document, aliases))
                .map(models -> models.stream()
                        .filter(model -> listed.test(ListedModels.id(model)))
                        .map(model -> document(ListedModels.id(model), model))
                        .toList())
                .map(data -> JsonDocuments.bytes(ModelDocument.Page.of(data)));
    }

    private static ModelDocument document(String id, JsonObject model) {
        return ModelDocument.of(id, seconds(JsonTree.text(model, "created_at")), JsonTree.text(model, "display_name"));
    }

    /**
     * One model.
     *
     * @param id as the client named it
     * @param model the body of the upstream's response
     * @return empty when {@code model} is no model
     */
    static Optional<byte[]> one(String id, byte[] model) {
        return JsonTree.parseObject(model, 0, model.length)
                .filter(found -> !ListedModels.id(found).isEmpty())
                .map(found -> JsonDocuments.bytes(document(id, found)));
    }

    private static long seconds(String rfc3339) {
        try {
            return Instant.parse(rfc3339).getEpochSecond();
        } catch (DateTimeParseException unknown) {
            return 0;
        }
    }

    /**
     * A model in OpenAI's shape, with the upstream's members {@code type} and {@code display_name} for clients that read the
     * one shape or the other (rule "Dialect of shared paths"). Immutable.
     *
     * @param created in whole seconds since 1970; 0 when unknown
     */
    @JsonbPropertyOrder({"id", "object", "created", "ownedBy", "type", "displayName"})
    private record ModelDocument(
            String id,
            String object,
            long created,
            @JsonbProperty("owned_by") String ownedBy,
            String type,
            @JsonbProperty("display_name") String displayName) {
        static ModelDocument of(String id, long created, String displayName) {
            return new ModelDocument(
                    id, "model", created, "anthropic", "model", displayName.isEmpty() ? id : displayName);
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
}
