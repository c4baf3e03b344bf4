package dev.warder.adminapi;

import dev.warder.config.InvalidValueException;
import dev.warder.http.Sha256;
import dev.warder.json.JsonDocuments;
import dev.warder.json.JsonTree;
import dev.warder.policy.Budget;
import dev.warder.policy.Policy;
import dev.warder.policy.RateLimits;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * The rate limits of the policy as lists of the Rate Limits API: those of the organization and of models ({@code GET
 * /v1/organizations/rate_limits}), and those of teams ({@code …/workspaces/{id}/rate_limits}; Java SDK 3.10.0, types {@code
 * OrganizationRateLimit} and {@code WorkspaceRateLimit}). Limits of clients have no place in it. Thread-safe; no method waits.
 *
 * @param policy gives the policy in use; empty without one, which has the limits
 */
public record RateLimitLists(Optional<Supplier<Policy>> policy) {
    private static final int MOST = 1000;
    private static final List<String> TYPES =
            List.of("batch", "files", Group.MODELS, "skills", Group.TOKEN_COUNT, "web_search");

    /**
     * The subject of some limits: all requests that run a model, those that count tokens or list models, or those of some
     * models. Sorted by its place in lists.
     *
     * @param position its place in lists, unique; it does not depend on what else is in them
     * @param type of the Rate Limits API
     * @param title for people
     * @param models the name or pattern of models; empty where no model runs
     */
    private record Group(String position, String type, String title, Optional<String> models)
            implements Comparable<Group> {
        private static final String MODELS = "model_group";
        private static final String TOKEN_COUNT = "token_count";
        private static final Group ALL = new Group("a", MODELS, "All models", Optional.of("*"));
        /** Requests that run no model: they have a limit of requests of their own, which is as high. */
        private static final Group COUNTS = new Group("b", TOKEN_COUNT, "", Optional.empty());

        private static final int ID_BYTES = 12;

        @Override
        public int compareTo(Group other) {
            return position.compareTo(other.position);
        }

        static Map<Group, Map<String, Long>> shared(List<RateLimits.Owned> all) {
            var groups = new TreeMap<Group, Map<String, Long>>();
            for (var each : all) {
                if (each.scope() == Budget.Scope.MODEL) {
                    var models = Optional.of(each.owner());
                    groups.put(
                            new Group("c" + each.owner(), MODELS, each.owner(), models),
                            each.limits().numbers());
                } else {
                    groups.putAll(of(each.limits()));
                }
            }
            return groups;
        }

        static Map<Group, Map<String, Long>> of(RateLimits limits) {
            var groups = new TreeMap<Group, Map<String, Long>>();
            var numbers = limits.numbers();
            if (!numbers.isEmpty()) {
                groups.put(ALL, numbers);
            }
            limits.requests().ifPresent(number -> groups.put(COUNTS, Map.of(RateLimits.REQUESTS, number)));
            return groups;
        }

        boolean has(String model, List<RateLimits.Owned> shared) {
            return models.isPresent()
                    && (this.equals(ALL)
                            || shared.stream()
                                    .filter(each -> each.scope() == Budget.Scope.MODEL)
                                    .anyMatch(each -> each.owner().equals(title) && each.countsModel(model)));
        }

        String entryId() {
            return "rl_" + Sha256.hex("entry " + position, ID_BYTES);
        }

        /** An entry of a list with what both lists have of a group. */
        JsonObject complete(JsonObjectBuilder entry, JsonArrayBuilder limits) {
            var group = JsonTree.newObject().add("id", "rlg_" + Sha256.hex("group " + position, ID_BYTES));
            if (!title.isEmpty()) {
                group.add("display_name", title);
            }
            return entry.add("group", group.add("type", type))
                    .add("group_type", type)
                    .add(
                            "models",
                            models.isEmpty()
                                    ? JsonValue.NULL
                                    : JsonTree.newArray(List.of(models.get())).build())
                    .add("limits", limits)
                    .build();
        }
    }

    /** The limits of the organization and of models; empty if the model of the query has none. */
    public Optional<String> organization(String text) throws InvalidValueException {
        var query = parse(text, "model");
        var model = query.find("model", value -> value);
        var shared = current().sharedLimits();
        var groups = Group.shared(shared);
        if (model.isPresent()) {
            groups.keySet().removeIf(each -> !each.has(model.get(), shared));
        }
        var page = page(query.as(model), groups, (group, numbers) -> {
            var limits = JsonTree.newArray();
            numbers.forEach((type, value) ->
                    limits.add(JsonTree.newObject().add("type", type).add("value", value)));
            return group.complete(JsonTree.typed("rate_limit").add("id", group.entryId()), limits);
        });
        return model.isPresent() && groups.isEmpty() ? Optional.empty() : Optional.of(page);
    }

    /** The limits of a team; empty if there is no such team. */
    public Optional<String> team(String name, String text) throws InvalidValueException {
        var query = parse(text, "include_inherited");
        boolean inherited = query.find("include_inherited", value -> switch (value) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw new InvalidValueException("include_inherited: must be true or false");
                })
                .orElse(false);
        var current = current();
        var team = current.teams().stream()
                .filter(each -> each.name().equals(name))
                .findFirst();
        var own = Group.of(team.map(Policy.Team::limits).orElse(RateLimits.NONE));
        var shared = Group.shared(current.sharedLimits());
        var groups = new TreeMap<>(own);
        if (inherited) {
            shared.forEach(groups::putIfAbsent);
        }
        var page = page(query.as(inherited), groups, (group, any) -> {
            var ofTeam = own.getOrDefault(group, Map.of());
            var ofAll = shared.getOrDefault(group, Map.of());
            var types = new TreeSet<>(ofTeam.keySet());
            if (inherited) {
                types.addAll(ofAll.keySet());
            }
            var limits = JsonTree.newArray();
            for (var type : types) {
                var limit = JsonTree.newObject()
                        .add("type", type)
                        .add("value", ofTeam.getOrDefault(type, ofAll.getOrDefault(type, 0L)));
                if (ofAll.containsKey(type)) {
                    limit.add("org_limit", ofAll.get(type));
                } else {
                    limit.addNull("org_limit");
                }
                limits.add(
                        limit.add("source", JsonTree.typed(ofTeam.containsKey(type) ? "workspace" : "organization")));
            }
            var entry = JsonTree.typed("workspace_rate_limit")
                    .add("workspace_id", name)
                    .add("rate_limit_id", group.entryId());
            return group.complete(entry, limits);
        });
        return team.map(any -> page);
    }

    private Policy current() {
        return policy.map(Supplier::get).orElse(Policy.NOTHING);
    }

    /** @param own the parameter that the other list does not have */
    private static Query parse(String text, String own) throws InvalidValueException {
        String unknown = "The parameters are group_type, limit, page and " + own
                + "; the query has another one, or one without a value.";
        var query = Query.parse(
                "rate limits " + own, text, Set.of("group_type", "limit", "page", Query.BETA, own), unknown);
        if (query.all("model").contains("")) {
            throw new InvalidValueException(unknown);
        }
        return query;
    }

    /** The page of some groups, each with what makes its document. */
    private static String page(
            Query query,
            Map<Group, Map<String, Long>> groups,
            BiFunction<Group, Map<String, Long>, JsonObject> document)
            throws InvalidValueException {
        var type = query.find("group_type", value -> {
            if (!TYPES.contains(value)) {
                throw new InvalidValueException("group_type: must be one of " + String.join(", ", TYPES));
            }
            return value;
        });
        var asked = query.as(type);
        var after = asked.after().orElse("");
        var rest = groups.keySet().stream()
                .filter(each -> type.isEmpty() || type.get().equals(each.type()))
                .filter(each -> each.position().compareTo(after) > 0)
                .toList();
        return JsonDocuments.text(asked.first(
                rest,
                query.limit(MOST).orElse(rest.size()),
                Group::position,
                each -> document.apply(each, groups.getOrDefault(each, Map.of()))));
    }
}
