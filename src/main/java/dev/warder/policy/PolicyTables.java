package dev.warder.policy;

import dev.warder.database.Statements;
import dev.warder.policy.StoredPolicy.StoredObject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * The statements on {@code warder_policy_revision}, {@code warder_policy_object} and {@code warder_access_token}. The caller owns
 * the transaction.
 */
final class PolicyTables {
    private static final String HEAD =
            "SELECT revision, audit_number AS entries, audit_hash AS hash FROM warder_policy_revision";
    private static final String LOCK = HEAD + " FOR UPDATE";
    private static final String UPDATE_HEAD =
            "UPDATE warder_policy_revision SET revision = :revision, audit_number = :entries, audit_hash = :hash";
    private static final String SELECT = "SELECT kind, name, document, removed, revision, created_at, changed_at"
            + " FROM warder_policy_object WHERE revision > ? ORDER BY kind, name";
    private static final String UPDATE =
            """
            UPDATE warder_policy_object SET document = :document, removed = FALSE, revision = :revision, created_at = :createdAt,
                changed_at = :changedAt
            WHERE kind = :name.kind.word AND name = :name.name
            """;
    private static final String INSERT =
            """
            INSERT INTO warder_policy_object (document, removed, revision, created_at, changed_at, kind, name)
            VALUES (:document, FALSE, :revision, :createdAt, :changedAt, :name.kind.word, :name.name)
            """;
    private static final String REMOVE = "UPDATE warder_policy_object SET document = '', removed = TRUE, revision = ?,"
            + " changed_at = ? WHERE kind = ? AND name = ?";
    private static final String SELECT_TOKENS =
            "SELECT id, name, client, sha256, document, revision, created_at, changed_at, revoked_at"
                    + " FROM warder_access_token WHERE revision > ?";
    private static final String UPDATE_TOKEN =
            """
            UPDATE warder_access_token SET document = :document, revision = :revision, changed_at = :changedAt,
                revoked_at = :revokedAt, name = :name, client = :client, sha256 = :sha256, created_at = :createdAt
            WHERE id = :id
            """;
    private static final String INSERT_TOKEN =
            """
            INSERT INTO warder_access_token
                (document, revision, changed_at, revoked_at, name, client, sha256, created_at, id)
            VALUES (:document, :revision, :changedAt, :revokedAt, :name, :client, :sha256, :createdAt, :id)
            """;

    /** A row of {@code warder_policy_object}. */
    private record ObjectRow(
            String kind,
            String name,
            String document,
            boolean removed,
            long revision,
            Instant createdAt,
            Instant changedAt) {}

    private PolicyTables() {}

    static StoredPolicy.Head head(Handle handle) throws SQLException {
        return head(handle, HEAD);
    }

    /** The head, which no other transaction changes before this one ends. */
    static StoredPolicy.Head lock(Handle handle) throws SQLException {
        return head(handle, LOCK);
    }

    private static StoredPolicy.Head head(Handle handle, String sql) throws SQLException {
        return handle.select(sql)
                .mapTo(StoredPolicy.Head.class)
                .findOne()
                .orElseThrow(() -> new SQLException("the table warder_policy_revision has lost its row", "02000"));
    }

    /** Whether the content with this head was a content of this database: the audit has its last entry. */
    static boolean had(Handle handle, StoredPolicy.Head head) {
        return AuditTable.hashes(handle, List.of(head.entries())).contains(head.hash());
    }

    /** The changes after a revision. A row of a kind that a newer release has added is left out. */
    static StoredPolicy.Changes changes(Handle handle, StoredPolicy.Head head, long after) {
        var objects = new ArrayList<StoredObject>();
        var removed = new ArrayList<PolicyName>();
        for (var row : handle.select(SELECT, after).mapTo(ObjectRow.class).list()) {
            var kind = PolicyName.Kind.of(row.kind);
            if (kind.isEmpty() || row.name.isEmpty() != kind.get().single()) {
                continue;
            }
            var name = new PolicyName(kind.get(), row.name);
            if (row.removed) {
                removed.add(name);
            } else {
                objects.add(new StoredObject(name, row.document, row.revision, row.createdAt, row.changedAt));
            }
        }
        var tokens = handle.select(SELECT_TOKENS, after)
                .mapTo(StoredPolicy.StoredToken.class)
                .list();
        return new StoredPolicy.Changes(head, objects, removed, tokens);
    }

    /** Writes changes; what was removed leaves a mark in its place, so that other nodes find that it is removed. */
    static void write(Handle handle, StoredPolicy.Changes changes, Instant at) {
        var head = changes.head();
        for (var name : changes.removed()) {
            handle.execute(REMOVE, head.revision(), at, name.kind().word(), name.name());
        }
        Statements.merge(handle, UPDATE, INSERT, changes.objects(), Map.of());
        Statements.merge(handle, UPDATE_TOKEN, INSERT_TOKEN, changes.tokens(), Map.of());
        handle.createUpdate(UPDATE_HEAD).bindMethods(head).execute();
    }
}
