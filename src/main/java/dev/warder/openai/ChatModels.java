package dev.warder.openai;

import dev.warder.json.LenientJson;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The models in OpenAI's shape, gathered from the upstream's pages. One thread at a time.
 *
 * <p>Each has the upstream's members {@code type} and {@code display_name} beside OpenAI's own, for clients that read the
 * one shape or the other (rulings, 24).
 */
public final class ChatModels {
    /** More than the upstream has; whoever sends more would keep us asking. */
    private static final int MOST = 10_000;

    private static final int MOST_PAGES = 100;

    /**
     * What is told of a model.
     *
     * @param created in whole seconds since 1970; 0 when unknown
     * @param name for people; empty when the upstream tells none
     */
    private record Model(long created, String name) {
        static final Model UNKNOWN = new Model(0, "");

        static Model of(JsonObject told) {
            return new Model(seconds(LenientJson.text(told, "created_at")), LenientJson.text(told, "display_name"));
        }

        JsonObjectBuilder json(String id) {
            return LenientJson.BUILDERS
                    .createObjectBuilder()
                    .add("id", id)
                    .add("object", "model")
                    .add("created", created)
                    .add("owned_by", "anthropic")
                    .add("type", "model")
                    .add("display_name", name.isEmpty() ? id : name);
        }
    }

    private final Map<String, Model> models = new LinkedHashMap<>();
    private int pages;

    /** How the first page is asked for, the query of {@code GET /v1/models}. */
    public static String firstQuery() {
        return "limit=1000";
    }

    /** Whether {@code body} is a page of models. */
    static boolean isPage(byte[] body) {
        return LenientJson.object(body, 0, body.length)
                .filter(page -> page.get("data") instanceof JsonArray)
                .isPresent();
    }

    /**
     * Adds a page.
     *
     * @param page the body of the answer
     * @return how the next page is asked for; empty after the last one
     */
    public Optional<String> add(byte[] page) {
        JsonObject document = LenientJson.object(page, 0, page.length).orElse(JsonValue.EMPTY_JSON_OBJECT);
        int before = models.size();
        for (var value : LenientJson.array(document, "data")) {
            if (value instanceof JsonObject model && hasId(model)) {
                models.putIfAbsent(LenientJson.text(model, "id"), Model.of(model));
            }
        }
        pages++;
        boolean wanted = models.size() > before && models.size() < MOST && pages < MOST_PAGES;
        boolean more = wanted && document.get("has_more") == JsonValue.TRUE;
        String last = LenientJson.text(document, "last_id");
        return more && !last.isEmpty() ? Optional.of(firstQuery() + "&after_id=" + encoded(last)) : Optional.empty();
    }

    /**
     * The list of all that was added.
     *
     * @param aliases exact aliases and the models that they stand for, to be listed too
     */
    public byte[] list(Map<String, String> aliases) {
        var data = LenientJson.BUILDERS.createArrayBuilder();
        models.forEach((id, model) -> data.add(model.json(id)));
        aliases.forEach((alias, id) -> {
            if (!models.containsKey(alias)) {
                data.add(models.getOrDefault(id, Model.UNKNOWN).json(alias));
            }
        });
        var list = LenientJson.BUILDERS
                .createObjectBuilder()
                .add("object", "list")
                .add("data", data);
        return LenientJson.utf8(list.build().toString());
    }

    /**
     * One model.
     *
     * @param id as the client named it
     * @param model the body of the upstream's answer; empty when it is no model
     */
    public static Optional<byte[]> one(String id, byte[] model) {
        return LenientJson.object(model, 0, model.length)
                .filter(ChatModels::hasId)
                .map(told -> LenientJson.utf8(Model.of(told).json(id).build().toString()));
    }

    private static boolean hasId(JsonObject model) {
        return !LenientJson.text(model, "id").isEmpty();
    }

    /** For a query, where a plus may stay a plus. */
    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static long seconds(String rfc3339) {
        try {
            return Instant.parse(rfc3339).getEpochSecond();
        } catch (DateTimeParseException unknown) {
            return 0;
        }
    }
}
