package dev.warder.principal;

import dev.warder.json.JsonDocuments;
import dev.warder.json.JsonTree;
import dev.warder.policy.AuditItem;
import dev.warder.policy.PolicyChanges;
import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import dev.warder.policy.StoredObject;
import dev.warder.policy.StoredPolicy;
import dev.warder.policy.StoredToken;
import dev.warder.principal.RefusedChangeException.Cause;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Changes of one object. */
final class ObjectEdits {
    private static final String NAME = "name";

    private ObjectEdits() {}

    static Edit create(PolicyName name, JsonObject definition) {
        return (before, revision, at) -> {
            if (before.objects().containsKey(name)) {
                throw new RefusedChangeException(Cause.CLASH, name + " exists already.");
            }
            return written(before, named(name, definition), name, Optional.empty(), revision, at);
        };
    }

    static Edit put(PolicyName name, JsonObject definition, Condition condition) {
        return (before, revision, at) -> {
            var found = Optional.ofNullable(before.objects().get(name));
            if (found.isPresent()) {
                condition.require(found.get().revision());
            } else if (condition.isStated()) {
                throw new RefusedChangeException(Cause.CHANGED, name + " does not exist.");
            }
            return written(before, named(name, definition), name, found, revision, at);
        };
    }

    static Edit merge(PolicyName name, JsonObject patch, Condition condition) {
        return (before, revision, at) -> {
            var found = find(before, name);
            condition.require(found.revision());
            var merged = JsonTree.merge(ObjectDocument.definition(found.document()), patch);
            return written(before, named(name, merged), name, Optional.of(found), revision, at);
        };
    }

    static Edit update(PolicyName name, UnaryOperator<JsonObject> change) {
        return (before, revision, at) -> {
            var found = name.kind().single()
                    ? Optional.ofNullable(before.objects().get(name))
                    : Optional.of(find(before, name));
            var definition = found.map(object -> ObjectDocument.definition(object.document()))
                    .orElse(JsonValue.EMPTY_JSON_OBJECT);
            return written(before, named(name, change.apply(definition)), name, found, revision, at);
        };
    }

    static Edit none() {
        return (before, revision, at) -> new Edit.Edited(
                PolicyChanges.of(revision, List.of(), List.of(), List.of()),
                List.of(),
                Set.of(),
                new Result(false, revision, ""));
    }

    static Edit remove(PolicyName name, Condition condition) {
        return (before, revision, at) -> {
            var found = find(before, name);
            condition.check(found.revision());
            List<StoredToken> revoked = before.tokens().values().stream()
                    .filter(token -> isOf(token, name))
                    .map(token -> token.revoked(revision, at))
                    .toList();
            var items = new ArrayList<AuditItem>();
            items.add(new AuditItem("remove", name.text(), found.document(), ""));
            revoked.forEach(token -> items.add(TokenEdits.revocation(token)));
            return new Edit.Edited(
                    PolicyChanges.of(revision, List.of(), List.of(name), revoked),
                    items,
                    Set.of(),
                    new Result(false, revision, JsonDocuments.text(ObjectDocument.of(found, Optional.empty()))));
        };
    }

    private static boolean isOf(StoredToken token, PolicyName name) {
        return token.revokedAt().isEmpty() && name.equals(PolicyName.client(token.client()));
    }

    /**
     * Refuses a new client that would get the tokens of an earlier one of its name, or has the name of a token of another one.
     */
    static void checkTokens(StoredPolicy before, PolicyName name) throws RefusedChangeException {
        if (name.kind() != PolicyKind.CLIENT) {
            return;
        }
        for (var token : before.tokens().values()) {
            if (isOf(token, name)) {
                throw new RefusedChangeException(
                        Cause.CLASH,
                        name + ": the token " + token.id() + " of an earlier client of this name is not revoked.");
            }
            if (token.revokedAt().isEmpty() && token.name().equalsIgnoreCase(name.name())) {
                throw new RefusedChangeException(
                        Cause.CLASH, name + ": is the name of the token " + token.id() + " of another client.");
            }
        }
    }

    private static Edit.Edited written(
            StoredPolicy before,
            JsonObject definition,
            PolicyName name,
            Optional<StoredObject> found,
            long revision,
            Instant at)
            throws RefusedChangeException {
        if (found.isEmpty()) {
            checkTokens(before, name);
        }
        var created = found.map(StoredObject::createdAt).orElse(at);
        var object = new StoredObject(name, definition.toString(), revision, created, at);
        var item = new AuditItem(
                found.isPresent() ? "change" : "create",
                name.text(),
                ObjectDocument.audited(before, name),
                object.document());
        var result =
                new Result(found.isEmpty(), revision, JsonDocuments.text(ObjectDocument.of(object, Optional.empty())));
        return new Edit.Edited(
                PolicyChanges.of(revision, List.of(object), List.of(), List.of()), List.of(item), Set.of(name), result);
    }

    private static StoredObject find(StoredPolicy before, PolicyName name) throws RefusedChangeException {
        var found = before.objects().get(name);
        if (found == null) {
            throw new RefusedChangeException(Cause.NOT_FOUND, name + " does not exist in the database.");
        }
        return found;
    }

    private static JsonObject named(PolicyName name, JsonObject definition) throws RefusedChangeException {
        if (name.kind().single()) {
            return definition;
        }
        var stated = definition.get(NAME);
        if (stated != null
                && !(stated instanceof JsonString text && text.getString().equals(name.name()))) {
            throw new RefusedChangeException(
                    Cause.INVALID, "name: must be that of the path, since it cannot be changed.");
        }
        return stated == null
                ? JsonTree.newObject(JsonTree.newObject().add(NAME, name.name()).build())
                        .addAll(JsonTree.newObject(definition))
                        .build()
                : definition;
    }
}
