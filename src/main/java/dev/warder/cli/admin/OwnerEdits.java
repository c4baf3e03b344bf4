package dev.warder.cli.admin;

import dev.warder.cli.admin.AdminConnection.Reply;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Optional;

/**
 * Changes definitions: reads one, changes it, and writes it if no other administrator has changed it meanwhile; otherwise it
 * begins again. One thread at a time.
 */
final class OwnerEdits {
    private static final int ATTEMPTS = 5;
    private static final String DEFINITION = "definition";
    private static final Reply OVERTAKEN = new Reply(412, JsonValue.EMPTY_JSON_OBJECT, true, Optional.empty());

    private final AdminApi api;

    OwnerEdits(AdminApi api) {
        this.api = api;
    }

    /** A change of a definition. */
    @FunctionalInterface
    interface Edit {
        /** The definition after the change. */
        JsonObject apply(JsonObject definition) throws AdminException;
    }

    /**
     * Changes a definition and returns the document with the new one. What exists for its budgets and limits only is created when
     * it gets the first one, and removed with the last one.
     */
    JsonObject edit(AdminOwner owner, Edit edit) throws AdminException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            var reply = attempt(owner, edit);
            if (!isOvertaken(reply)) {
                return api.require(reply, owner.text());
            }
        }
        throw new AdminException("other administrators have changed " + owner.text() + " each time; try again");
    }

    /** Whether another administrator was faster. */
    private static boolean isOvertaken(Reply reply) {
        return reply.status() == 412 || reply.status() == 428;
    }

    private Reply attempt(AdminOwner owner, Edit edit) throws AdminException {
        var found = api.find(owner.path());
        if (found.isEmpty()) {
            if (!owner.isOnlyForBudgets()) {
                throw AdminApi.absent(owner.text());
            }
            return create(owner, edit.apply(named(owner)));
        }
        var document = found.get().body();
        requireStored(owner, document);
        var definition = edit.apply(JsonTree.object(document, DEFINITION));
        if (owner.isOnlyForBudgets() && isEmpty(definition)) {
            return removed(api.connection()
                    .change(
                            "DELETE",
                            owner.path(),
                            Optional.empty(),
                            found.get().etag()));
        }
        return api.connection()
                .change(
                        "PUT",
                        owner.path(),
                        Optional.of(definition),
                        found.get().etag());
    }

    private Reply create(AdminOwner owner, JsonObject definition) throws AdminException {
        if (AdminOwner.isSingle(owner.kind())) {
            return api.connection().change("PUT", owner.path(), Optional.of(definition), Optional.empty());
        }
        var reply = api.connection().post(AdminOwner.collection(owner.kind()), definition);
        boolean exists = reply.status() == 409 && api.find(owner.path()).isPresent();
        return exists ? OVERTAKEN : reply;
    }

    /** The gateway returns what it had; what counts here is that it has nothing now. */
    private static Reply removed(Reply reply) {
        var body = JsonTree.newObject(reply.body());
        return reply.isGood()
                ? new Reply(
                        reply.status(),
                        body.add(DEFINITION, JsonValue.EMPTY_JSON_OBJECT).build(),
                        true,
                        reply.etag())
                : reply;
    }

    /** Refuses what is read-only here. */
    static void requireStored(AdminOwner owner, JsonObject document) throws AdminException {
        if (!JsonTree.text(document, "source").equals("database")) {
            throw new AdminException(
                    owner.text() + " is in " + JsonTree.text(document, "source") + ", and can only be changed there");
        }
    }

    private static JsonObject named(AdminOwner owner) {
        return AdminOwner.isSingle(owner.kind())
                ? JsonValue.EMPTY_JSON_OBJECT
                : JsonTree.newObject().add("name", owner.name()).build();
    }

    private static boolean isEmpty(JsonObject definition) {
        return !definition.containsKey(BudgetEdits.MEMBER) && !definition.containsKey(LimitCommands.MEMBER);
    }
}
