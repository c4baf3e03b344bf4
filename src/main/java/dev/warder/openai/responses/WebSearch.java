package dev.warder.openai.responses;

import dev.warder.json.JsonTree;
import dev.warder.openai.shared.Members;
import dev.warder.openai.shared.RefusedException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.List;
import java.util.Set;

/** OpenAI's tool that searches the web, as the API's own. Thread-safe. */
final class WebSearch {
    static final String NAME = "web_search";
    private static final Set<String> TYPES =
            Set.of(NAME, "web_search_2025_08_26", "web_search_preview", "web_search_preview_2025_03_11");
    private static final String ALLOWED = "allowed_domains";
    private static final String BLOCKED = "blocked_domains";
    private static final String LOCATION = "user_location";

    private WebSearch() {}

    static boolean isType(String type) {
        return TYPES.contains(type);
    }

    static boolean isLive(Members tool) throws RefusedException {
        return tool.flag("external_web_access").orElse(true);
    }

    static JsonObject read(Members tool, String type) throws RefusedException {
        var search = JsonTree.typed(type).add("name", NAME);
        tool.read("filters", filters -> addDomains(filters, search));
        tool.read(LOCATION, location -> addLocation(location, search));
        return search.build();
    }

    private static JsonObjectBuilder addDomains(Members filters, JsonObjectBuilder search) throws RefusedException {
        var allowed = filters.texts(ALLOWED);
        var blocked = filters.texts(BLOCKED);
        filters.refuseIf(
                !allowed.isEmpty() && !blocked.isEmpty(), BLOCKED, "must not be there together with " + ALLOWED + ".");
        if (!allowed.isEmpty()) {
            search.add(ALLOWED, JsonTree.newArray(allowed));
        }
        if (!blocked.isEmpty()) {
            search.add(BLOCKED, JsonTree.newArray(blocked));
        }
        return search;
    }

    private static JsonObjectBuilder addLocation(Members location, JsonObjectBuilder search) throws RefusedException {
        location.refuseIf(
                !location.text("type").orElse("approximate").equals("approximate"), "type", "must be approximate.");
        var found = JsonTree.newObject();
        for (String part : List.of("city", "country", "region", "timezone")) {
            location.text(part).filter(text -> !text.isBlank()).ifPresent(text -> found.add(part, text));
        }
        var parts = found.build();
        if (!parts.isEmpty()) {
            search.add(LOCATION, JsonTree.newObject(parts).add("type", "approximate"));
        }
        return search;
    }
}
