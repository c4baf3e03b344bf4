package dev.warder.demo;

import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The models that the stand-in says it has; a message may name any other as well. */
final class DemoModels {
    private static final Map<String, String> NAMES = new LinkedHashMap<>();

    static {
        NAMES.put("claude-opus-5-5", "Claude Opus 5.5");
        NAMES.put("claude-sonnet-5-5", "Claude Sonnet 5.5");
        NAMES.put("claude-haiku-5-5", "Claude Haiku 5.5");
    }

    private DemoModels() {}

    static DemoAnswer list() {
        List<String> ids = List.copyOf(NAMES.keySet());
        JsonArrayBuilder data = Json.createArrayBuilder();
        ids.forEach(id -> data.add(model(id)));
        return new DemoAnswer.Whole(Json.createObjectBuilder()
                .add("data", data)
                .add("has_more", false)
                .add("first_id", ids.get(0))
                .add("last_id", ids.get(ids.size() - 1))
                .build());
    }

    static DemoAnswer one(String id) {
        return NAMES.containsKey(id)
                ? new DemoAnswer.Whole(model(id))
                : new DemoAnswer.Refused(new ErrorReply(404, ErrorType.NOT_FOUND, "model: " + id, List.of()));
    }

    private static JsonObject model(String id) {
        return Json.createObjectBuilder()
                .add("type", "model")
                .add("id", id)
                .add("display_name", NAMES.getOrDefault(id, id))
                .add("created_at", "2026-10-21T00:00:00Z")
                .add("max_input_tokens", 200_000)
                .add("max_tokens", 128_000)
                .build();
    }
}
