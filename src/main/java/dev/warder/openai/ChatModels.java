package dev.warder.openai;

import dev.warder.edit.ListedModels;
import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.time.format.DateTimeParseException;
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
                .map(data -> JsonTree.newObject()
                        .add("object", "list")
                        .add("data", JsonTree.newArray(data))
                        .build())
                .map(list -> JsonText.utf8(list.toString()));
    }

    /** @return the members of both shapes; the time is 0 when it is unknown */
    private static JsonObject document(String id, JsonObject model) {
        String shown = JsonTree.text(model, "display_name");
        return JsonTree.newObject()
                .add("id", id)
                .add("object", "model")
                .add("created", seconds(JsonTree.text(model, "created_at")))
                .add("owned_by", "anthropic")
                .add("type", "model")
                .add("display_name", shown.isEmpty() ? id : shown)
                .build();
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
                .map(found -> JsonText.utf8(document(id, found).toString()));
    }

    private static long seconds(String rfc3339) {
        try {
            return Instant.parse(rfc3339).getEpochSecond();
        } catch (DateTimeParseException unknown) {
            return 0;
        }
    }
}
