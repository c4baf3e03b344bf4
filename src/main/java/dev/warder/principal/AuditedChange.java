package dev.warder.principal;

import dev.warder.policy.AuditEntry;
import dev.warder.policy.AuditItem;
import dev.warder.policy.AuditTable;
import dev.warder.policy.PolicyChanges;
import dev.warder.policy.PolicyName;
import dev.warder.policy.PolicyStore;
import dev.warder.policy.StoredPolicy;
import dev.warder.principal.Administration.Changed;
import dev.warder.principal.Administration.Recorded;
import dev.warder.principal.Administration.Request;
import dev.warder.principal.Administration.Step;
import dev.warder.principal.AuditedChange.Done;
import dev.warder.principal.RefusedChangeException.Cause;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A change with its entries of the audit and its idempotency key, all in one transaction. Thread-safe.
 *
 * @param unusable the objects of a content that nodes do not use, with the reason
 * @param step is taken before the change, and has its entries
 * @param grants refuses what the caller may not grant
 */
record AuditedChange(
        Edit edit,
        Request request,
        Function<StoredPolicy, SortedMap<PolicyName, String>> unusable,
        Step<Recorded> step,
        GrantRule grants)
        implements PolicyStore.Change<Done, RefusedChangeException> {
    private static final int MOST_NAMED = 5;

    /** The result of a change, with its entries of the audit. */
    record Done(Changed changed, List<AuditEntry> entries) {
        Done {
            entries = List.copyOf(entries);
        }
    }

    @Override
    public PolicyStore.Decision<Done> decide(Connection connection, StoredPolicy newest, Instant at)
            throws SQLException, RefusedChangeException {
        var key = request.idempotency();
        var earlier = earlier(connection, key, at);
        if (earlier.isPresent()) {
            return new PolicyStore.Decision<>(
                    PolicyChanges.none(newest), new Done(new Changed(earlier.get(), true), List.of()));
        }
        var recorded = step.take(connection, at);
        var items = new ArrayList<>(recorded.items());
        var edited = edit.apply(newest, newest.revision() + 1, at);
        check(newest, edited);
        grants.check(request.asker(), newest, edited.changes());
        items.addAll(edited.items());
        var entries = append(connection, newest, items, at);
        var result = result(edited, recorded);
        if (key.isPresent()) {
            IdempotencyTable.insert(connection, key.get(), result, at);
        }
        return new PolicyStore.Decision<>(
                changes(newest, edited, entries), new Done(new Changed(result, false), entries));
    }

    private static Result result(Edit.Edited edited, Recorded recorded) {
        var result = edited.result();
        return recorded.document().isEmpty()
                ? result
                : new Result(result.isNew(), result.revision(), recorded.document());
    }

    private List<AuditEntry> append(Connection connection, StoredPolicy newest, List<AuditItem> items, Instant at)
            throws SQLException {
        var head = newest.head();
        return items.isEmpty()
                ? List.of()
                : AuditTable.append(connection, request.actor(), items, at, head.entries(), head.hash());
    }

    private static PolicyChanges changes(StoredPolicy newest, Edit.Edited edited, List<AuditEntry> entries) {
        if (entries.isEmpty()) {
            return PolicyChanges.none(newest);
        }
        var last = entries.get(entries.size() - 1);
        return edited.changes().with(last.number(), last.hash());
    }

    static Optional<Result> earlier(Connection connection, Optional<IdempotencyKey> key, Instant at)
            throws SQLException, RefusedChangeException {
        if (key.isEmpty()) {
            return Optional.empty();
        }
        var done = IdempotencyTable.find(connection, key.get(), at);
        if (done.isPresent() && !done.get().requestHash().equals(key.get().requestHash())) {
            throw new RefusedChangeException(
                    Cause.KEY_REUSED, "Idempotency-Key: was used for another request within 24 hours.");
        }
        return done.map(IdempotencyTable.Done::result);
    }

    /** Refuses a change after which an object cannot be used that it writes, or that could be used before. */
    private void check(StoredPolicy before, Edit.Edited edited) throws RefusedChangeException {
        if (edited.changes().isEmpty()) {
            return;
        }
        var after = new TreeMap<>(unusable.apply(before.with(edited.changes())));
        for (var name : edited.written()) {
            var problem = Optional.ofNullable(after.get(name));
            if (problem.isPresent()) {
                throw new RefusedChangeException(Cause.INVALID, name + ": " + problem.get());
            }
        }
        if (!after.isEmpty()) {
            after.keySet().removeAll(unusable.apply(before).keySet());
        }
        if (!after.isEmpty()) {
            throw new RefusedChangeException(Cause.CLASH, "The change would make these unusable: " + named(after));
        }
    }

    private static String named(SortedMap<PolicyName, String> objects) {
        var text = new StringBuilder();
        objects.entrySet().stream().limit(MOST_NAMED).forEach(each -> text.append(text.isEmpty() ? "" : "; ")
                .append(each.getKey())
                .append(" (")
                .append(each.getValue())
                .append(')'));
        return objects.size() > MOST_NAMED
                ? text + "; and " + (objects.size() - MOST_NAMED) + " more"
                : text.toString();
    }
}
