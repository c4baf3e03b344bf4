package dev.warder.edit;

import dev.warder.http.Form;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The part of the list of models that a client asks for. A name that is not listed has nothing before and after it. Immutable.
 *
 * @param limit the most models of the page, 1 to 1000
 * @param after the name before the page, if the client gave one
 * @param before the name after the page, if the client gave one
 */
record ListPage(int limit, Optional<String> after, Optional<String> before) {
    static final Set<String> PARAMETERS = Set.of("limit", "after_id", "before_id");

    static final ListPage FIRST = new ListPage(20, Optional.empty(), Optional.empty());

    static Optional<ListPage> of(Form query) {
        String limit = query.values().getOrDefault("limit", Integer.toString(FIRST.limit));
        if (!limit.matches("[1-9][0-9]{0,2}|1000")) {
            return Optional.empty();
        }
        return Optional.of(new ListPage(Integer.parseInt(limit), name(query, "after_id"), name(query, "before_id")));
    }

    private static Optional<String> name(Form query, String parameter) {
        return Optional.of(query.value(parameter)).filter(name -> !name.isEmpty());
    }

    /**
     * The document with this page of the list.
     *
     * @param document the upstream's whole list
     * @param models what is listed, in order
     * @param listed which names the client sees
     */
    JsonObject cut(JsonObject document, List<JsonObject> models, Predicate<String> listed) {
        var ids = models.stream().map(ListedModels::id).toList();
        int from = after.isEmpty() ? 0 : ids.contains(after.get()) ? ids.indexOf(after.get()) + 1 : ids.size();
        int to = before.map(ids::indexOf).orElse(ids.size());
        var part = models.subList(from, Math.max(from, to)).stream()
                .filter(model -> listed.test(ListedModels.id(model)))
                .toList();
        int more = Math.max(0, part.size() - limit);
        int skipped = before.isPresent() && after.isEmpty() ? more : 0;
        var page = part.subList(skipped, skipped + part.size() - more);
        return JsonTree.newObject(document)
                .add("data", JsonTree.newArray(page))
                .add("has_more", more > 0)
                .add("first_id", cursor(page, 0))
                .add("last_id", cursor(page, page.size() - 1))
                .build();
    }

    private static JsonValue cursor(List<JsonObject> page, int index) {
        return page.isEmpty() ? JsonValue.NULL : JsonTree.string(ListedModels.id(page.get(index)));
    }
}
