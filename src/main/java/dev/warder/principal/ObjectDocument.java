package dev.warder.principal;

import dev.warder.json.JsonTree;
import dev.warder.policy.store.PolicyName;
import dev.warder.policy.store.StoredObject;
import dev.warder.policy.store.StoredPolicy;
import dev.warder.policy.store.StoredToken;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Optional;

/** The JSON objects by which administrators see what the policy has. */
final class ObjectDocument {
    private ObjectDocument() {}

    /**
     * An object of the database.
     *
     * @param problem why nodes do not use it; empty if they do
     */
    static JsonObject of(StoredObject object, Optional<String> problem) {
        return JsonTree.typed(object.name().kind().word())
                .add("name", object.name().name())
                .add("source", "database")
                .add("revision", object.revision())
                .add("created_at", object.createdAt().toString())
                .add("changed_at", object.changedAt().toString())
                .add("problem", text(problem))
                .add("definition", definition(object.document()))
                .build();
    }

    /** An object of {@code policy.file}. */
    static JsonObject ofFile(PolicyName name, String document) {
        return JsonTree.typed(name.kind().word())
                .add("name", name.name())
                .add("source", "policy.file")
                .add("problem", JsonValue.NULL)
                .add("definition", definition(document))
                .build();
    }

    /** A token, without its secret and its hash. */
    static JsonObject of(StoredToken stored) {
        return JsonTree.typed("token")
                .add("id", stored.id())
                .add("name", stored.name())
                .add("client", stored.client())
                .add("revision", stored.revision())
                .add("created_at", stored.createdAt().toString())
                .add("changed_at", stored.changedAt().toString())
                .add("revoked_at", text(stored.revokedAt().map(Object::toString)))
                .add("terms", definition(stored.document()))
                .build();
    }

    /** The content of an object, or an empty one if it cannot be read. */
    static JsonObject definition(String document) {
        return JsonTree.parseObject(document).orElse(JsonValue.EMPTY_JSON_OBJECT);
    }

    /** The content of an object of the database for the audit; empty if there is none. */
    static String audited(StoredPolicy policy, PolicyName name) {
        return Optional.ofNullable(policy.objects().get(name))
                .map(StoredObject::document)
                .orElse("");
    }

    private static JsonValue text(Optional<String> text) {
        return text.<JsonValue>map(JsonTree::string).orElse(JsonValue.NULL);
    }
}
