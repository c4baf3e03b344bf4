package dev.warder.adminapi;

import dev.warder.adminapi.Administration.Changed;
import dev.warder.adminapi.Administration.IdempotencyKey;
import dev.warder.adminapi.Administration.Request;
import dev.warder.adminapi.PrincipalView.TokenDocument;
import dev.warder.adminapi.RefusedChangeException.Cause;
import dev.warder.database.Statements;
import dev.warder.policy.AuditEntry;
import dev.warder.policy.AuditTable;
import dev.warder.policy.LivePolicy;
import dev.warder.policy.PolicyFollower;
import dev.warder.policy.PolicyFollower.Decision;
import dev.warder.policy.StoredPolicy;
import dev.warder.policy.StoredPolicy.StoredObject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.Nested;

/**
 * Makes changes with their entries of the audit and their idempotency keys, each in one transaction. Thread-safe.
 *
 * @param policy reads what a change would make
 * @param grants refuses what the caller may not grant
 */
record AuditedChanges(PolicyFollower follower, LivePolicy policy, GrantRule grants) {
    private static final int MOST_NAMED = 5;

    /** A change of the policy in the database. Thread-safe. */
    @FunctionalInterface
    interface Edit {
        /**
         * Applies it to a content.
         *
         * @param revision the revision that it makes
         * @throws RefusedChangeException if it does not apply
         */
        Edited apply(StoredPolicy before, long revision, Instant at) throws RefusedChangeException;

        /** The word of the audit for objects and tokens that are new. */
        default String creation() {
            return "create";
        }
    }

    /**
     * The rows that become different.
     *
     * @param result what the caller receives
     */
    record Edited(StoredPolicy.Changes changes, Administration.Result result) {}

    Changed make(Request request, Edit edit) throws SQLException, RefusedChangeException {
        return follower.<Changed, RefusedChangeException>change(
                (handle, newest, at) -> decide(edit, request, handle, newest, at));
    }

    private Decision<Changed> decide(Edit edit, Request request, Handle handle, StoredPolicy newest, Instant at)
            throws RefusedChangeException {
        var key = request.idempotency();
        var earlier = earlier(handle, key, at);
        if (earlier.isPresent()) {
            return new Decision<>(StoredPolicy.Changes.none(newest), new Changed(earlier.get(), true), List.of());
        }
        var edited = edit.apply(newest, newest.revision() + 1, at);
        check(newest, edited.changes());
        grants.check(request.asker(), newest, edited.changes());
        var head = newest.head();
        var items = items(newest, edited.changes(), edit.creation());
        var entries = AuditTable.append(handle, request.actor(), items, at, head.entries(), head.hash());
        if (key.isPresent()) {
            IdempotencyTable.insert(handle, key.get(), edited.result(), at);
        }
        var changes = entries.isEmpty()
                ? StoredPolicy.Changes.none(newest)
                : edited.changes().after(entries.get(entries.size() - 1));
        return new Decision<>(changes, new Changed(edited.result(), false), entries);
    }

    private static List<AuditEntry.Item> items(StoredPolicy before, StoredPolicy.Changes changes, String creation) {
        var items = new ArrayList<AuditEntry.Item>();
        for (var each : changes.objects()) {
            var was = before.find(each.name()).map(StoredObject::document);
            String action = was.isPresent() ? "change" : creation;
            items.add(new AuditEntry.Item(action, each.name().text(), was.orElse(""), each.document()));
        }
        for (var name : changes.removed()) {
            String was = before.find(name).map(StoredObject::document).orElse("");
            items.add(new AuditEntry.Item("remove", name.text(), was, ""));
        }
        for (var each : changes.tokens()) {
            var was = before.token(each.id()).map(TokenDocument::audited);
            String action = was.isEmpty() ? creation : each.isValid() ? "change" : "revoke";
            String now = each.isValid() ? TokenDocument.audited(each) : "";
            items.add(new AuditEntry.Item(action, "token/" + each.id(), was.orElse(""), now));
        }
        return items;
    }

    private static Optional<Administration.Result> earlier(Handle handle, Optional<IdempotencyKey> key, Instant at)
            throws RefusedChangeException {
        if (key.isEmpty()) {
            return Optional.empty();
        }
        var earlier = IdempotencyTable.find(handle, key.get(), at);
        if (earlier.isPresent() && !earlier.get().requestHash().equals(key.get().requestHash())) {
            throw new RefusedChangeException(
                    Cause.KEY_REUSED, "Idempotency-Key: was used for another request within 24 hours.");
        }
        return earlier.map(Earlier::result);
    }

    /** A request that was done, with the hash of what was asked for. */
    private record Earlier(String requestHash, @Nested Administration.Result result) {}

    /** The statements on {@code warder_idempotency}. The caller owns the transaction, in which no other change is made. */
    private static final class IdempotencyTable {
        private static final Duration KEPT = Duration.ofHours(24);
        private static final int CREATED = 201;
        private static final int OK = 200;
        private static final String FIND =
                """
                SELECT request_hash, status = ? AS is_new, revision, document FROM warder_idempotency
                WHERE id = ? AND made_at > ?
                """;
        private static final String INSERT =
                """
                INSERT INTO warder_idempotency (id, request_hash, status, revision, document, made_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """;

        static Optional<Earlier> find(Handle handle, IdempotencyKey key, Instant at) {
            return handle.select(FIND, CREATED, key.id(), at.minus(KEPT))
                    .mapTo(Earlier.class)
                    .findFirst();
        }

        static void insert(Handle handle, IdempotencyKey key, Administration.Result result, Instant at) {
            handle.execute("DELETE FROM warder_idempotency WHERE made_at <= ?", at.minus(KEPT));
            handle.execute(
                    INSERT,
                    key.id(),
                    key.requestHash(),
                    result.isNew() ? CREATED : OK,
                    result.revision(),
                    result.document(),
                    at);
        }
    }

    /** Refuses a change after which an object cannot be used that it writes, or that could be used before. */
    private void check(StoredPolicy before, StoredPolicy.Changes changes) throws RefusedChangeException {
        if (changes.isEmpty()) {
            return;
        }
        var after = new TreeMap<>(policy.read(before.with(changes)).unusable());
        for (var each : changes.objects()) {
            var problem = Optional.ofNullable(after.get(each.name()));
            if (problem.isPresent()) {
                throw new RefusedChangeException(Cause.INVALID, each.name() + ": " + problem.get());
            }
        }
        if (!after.isEmpty()) {
            after.keySet().removeAll(policy.read(before).unusable().keySet());
        }
        if (!after.isEmpty()) {
            throw new RefusedChangeException(
                    Cause.CLASH, "The change would make these unusable: " + LivePolicy.Read.named(after, MOST_NAMED));
        }
    }

    boolean isRepeated(Request request) throws SQLException, RefusedChangeException {
        var key = request.idempotency();
        return key.isPresent()
                && follower.<Boolean, RefusedChangeException>read(
                        handle -> earlier(handle, key, Statements.now(handle)).isPresent());
    }
}
