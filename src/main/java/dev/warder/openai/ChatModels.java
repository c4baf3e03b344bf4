package dev.warder.openai;

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

    private final Map<String, JsonObject> models = new LinkedHashMap<>();

    /** How the first page is asked for, the query of {@code GET /v1/models}. */
    public static String firstQuery() {
        return "limit=1000";
    }

    /** Whether {@code body} is a page of models. */
    static boolean isPage(byte[] body) {
        return UpstreamJson.object(body, 0, body.length)
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
        JsonObject document = UpstreamJson.object(page, 0, page.length).orElse(JsonValue.EMPTY_JSON_OBJECT);
        int before = models.size();
        for (var value : UpstreamJson.array(document, "data")) {
            if (value instanceof JsonObject model) {
                models.putIfAbsent(UpstreamJson.text(model, "id"), model);
            }
        }
        boolean more = document.getBoolean("has_more", false) && models.size() > before && models.size() < MOST;
        String last = UpstreamJson.text(document, "last_id");
        return more && !last.isEmpty()
                ? Optional.of(firstQuery() + "&after_id=" + URLEncoder.encode(last, StandardCharsets.UTF_8))
                : Optional.empty();
    }

    /**
     * The list of all that was added.
     *
     * @param aliases exact aliases and the models that they stand for, to be listed too
     */
    public byte[] list(Map<String, String> aliases) {
        var data = UpstreamJson.BUILDERS.createArrayBuilder();
        models.forEach((id, model) -> data.add(model(id, model)));
        aliases.forEach((alias, id) -> {
            if (!models.containsKey(alias)) {
                data.add(model(alias, models.getOrDefault(id, JsonValue.EMPTY_JSON_OBJECT)));
            }
        });
        var list = UpstreamJson.BUILDERS
                .createObjectBuilder()
                .add("object", "list")
                .add("data", data);
        return UpstreamJson.utf8(list.build().toString());
    }

    /**
     * One model.
     *
     * @param id as the client named it
     * @param model the body of the upstream's answer; empty when it is no model
     */
    public static Optional<byte[]> one(String id, byte[] model) {
        return UpstreamJson.object(model, 0, model.length)
                .filter(told -> !UpstreamJson.text(told, "id").isEmpty())
                .map(told -> UpstreamJson.utf8(model(id, told).build().toString()));
    }

    private static JsonObjectBuilder model(String id, JsonObject model) {
        String name = UpstreamJson.text(model, "display_name");
        return UpstreamJson.BUILDERS
                .createObjectBuilder()
                .add("id", id)
                .add("object", "model")
                .add("created", created(UpstreamJson.text(model, "created_at")))
                .add("owned_by", "anthropic")
                .add("type", "model")
                .add("display_name", name.isEmpty() ? id : name);
    }

    private static long created(String rfc3339) {
        try {
            return Instant.parse(rfc3339).getEpochSecond();
        } catch (DateTimeParseException unknown) {
            return 0;
        }
    }
}
