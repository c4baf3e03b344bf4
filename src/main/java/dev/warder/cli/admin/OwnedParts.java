package dev.warder.cli.admin;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One member of the definitions of its owners: their budgets, or their limits. One thread at a time.
 *
 * @param kinds the kinds of its owners, in the order of lists
 */
record OwnedParts(AdminApi api, String member, List<String> kinds) {
    static final String OWNER = "owner";
    static final String SOURCE = "source";

    OwnedParts {
        kinds = List.copyOf(kinds);
    }

    /**
     * The parts of all owners that have one.
     *
     * @param search a part of an owner's name; empty for all
     */
    List<JsonObject> list(String search) throws AdminException {
        var parts = new ArrayList<JsonObject>();
        for (var kind : kinds) {
            if (AdminOwner.isSingle(kind)) {
                if (kind.contains(search)) {
                    api.find(kind).ifPresent(reply -> add(parts, new AdminOwner(kind, ""), reply.body()));
                }
            } else {
                api.forEach(
                        AdminOwner.collection(kind),
                        search.isEmpty() ? Map.of() : Map.of("search", search),
                        document -> add(parts, new AdminOwner(kind, JsonTree.text(document, "name")), document));
            }
        }
        return parts;
    }

    private void add(List<JsonObject> parts, AdminOwner owner, JsonObject document) {
        if (find(document).isPresent()) {
            parts.add(part(owner, document));
        }
    }

    /** The part of an owner. */
    JsonObject read(AdminOwner owner) throws AdminException {
        var reply = api.find(owner.path()).orElseThrow(() -> AdminApi.absent(owner.text()));
        return part(owner, reply.body());
    }

    /** The part of an owner in its document; null if it has none. */
    JsonObject part(AdminOwner owner, JsonObject document) {
        return JsonTree.newObject()
                .add(OWNER, owner.text())
                .add(SOURCE, JsonTree.text(document, SOURCE))
                .add(member, find(document).orElse(JsonValue.NULL))
                .build();
    }

    private Optional<JsonValue> find(JsonObject document) {
        return Optional.ofNullable(JsonTree.object(document, "definition").get(member));
    }
}
