package dev.warder.openai;

import dev.warder.json.JsonDocuments;
import dev.warder.json.JsonTree;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
    /**
     * What the list states about a model.
     *
     * @param created in whole seconds since 1970; 0 when unknown
     * @param name for people; empty when the upstream has none
     */
    private record Model(long created, String name) {
        static final Model UNKNOWN = new Model(0, "");

        static Model of(JsonObject model) {
            return new Model(seconds(JsonTree.text(model, "created_at")), JsonTree.text(model, "display_name"));
        }

        ModelDocument document(String id) {
            return ModelDocument.of(id, created, name);
        }
    }

    private ChatModels() {}

    /**
     * The list of the models of a page, each once.
     *
     * @param page the body of the upstream's response
     * @param aliases plain names and the models that they stand for, which are listed after the page's own
     * @param lastAliases more of them, which are listed if no further page follows
     * @param listed which names are listed
     * @return empty when {@code page} is no list of models
     */
    static Optional<byte[]> list(
            byte[] page, Map<String, String> aliases, Map<String, String> lastAliases, Predicate<String> listed) {
        return JsonTree.parseObject(page, 0, page.length)
                .filter(document -> document.get("data") instanceof JsonArray)
                .map(document -> list(models(document), all(document, aliases, lastAliases), listed));
    }

    private static Map<String, String> all(
            JsonObject page, Map<String, String> aliases, Map<String, String> lastAliases) {
        var all = new LinkedHashMap<>(aliases);
        if (page.get("has_more") == JsonValue.FALSE) {
            lastAliases.forEach(all::putIfAbsent);
        }
        return all;
    }

    private static byte[] list(Map<String, Model> models, Map<String, String> aliases, Predicate<String> listed) {
        var data = new ArrayList<ModelDocument>();
        models.forEach((id, model) -> data.add(model.document(id)));
        aliases.forEach((alias, id) -> {
            if (!models.containsKey(alias)) {
                data.add(models.getOrDefault(id, Model.UNKNOWN).document(alias));
            }
        });
        data.removeIf(model -> !listed.test(model.id()));
        return JsonDocuments.bytes(ModelDocument.Page.of(data));
    }

    private static Map<String, Model> models(JsonObject page) {
        var models = new LinkedHashMap<String, Model>();
        for (var value : JsonTree.array(page, "data")) {
            if (value instanceof JsonObject model && hasId(model)) {
                models.putIfAbsent(JsonTree.text(model, "id"), Model.of(model));
            }
        }
        return models;
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
                .filter(ChatModels::hasId)
                .map(found -> JsonDocuments.bytes(Model.of(found).document(id)));
    }

    private static boolean hasId(JsonObject model) {
        return !JsonTree.text(model, "id").isEmpty();
    }

    private static long seconds(String rfc3339) {
        try {
            return Instant.parse(rfc3339).getEpochSecond();
        } catch (DateTimeParseException unknown) {
            return 0;
        }
    }
}
