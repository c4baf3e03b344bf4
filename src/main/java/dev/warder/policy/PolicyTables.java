package dev.warder.policy;

import dev.warder.database.Statements;
import dev.warder.policy.PolicyChanges.PolicyHead;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The statements on {@code warder_policy_revision}, {@code warder_policy_object} and {@code warder_access_token}. The caller owns
 * the transaction.
 */
final class PolicyTables {
    private static final String HEAD = "SELECT revision, audit_number, audit_hash FROM warder_policy_revision";
    private static final String LOCK = HEAD + " FOR UPDATE";
    private static final String UPDATE_HEAD =
            "UPDATE warder_policy_revision SET revision = ?, audit_number = ?, audit_hash = ?";
    private static final String ENTRY = "SELECT hash FROM warder_audit WHERE number = ?";
    private static final String SELECT = "SELECT kind, name, document, removed, revision, created_at, changed_at"
            + " FROM warder_policy_object WHERE revision > ? ORDER BY kind, name";
    private static final String UPDATE = "UPDATE warder_policy_object SET document = ?, removed = ?, revision = ?,"
            + " created_at = ?, changed_at = ? WHERE kind = ? AND name = ?";
    private static final String INSERT = "INSERT INTO warder_policy_object"
            + " (document, removed, revision, created_at, changed_at, kind, name) VALUES (?, ?, ?, ?, ?, ?, ?)";
    private static final String REMOVE = "UPDATE warder_policy_object SET document = '', removed = TRUE, revision = ?,"
            + " changed_at = ? WHERE kind = ? AND name = ?";
    private static final String SELECT_TOKENS =
            "SELECT id, name, client, sha256, document, revision, created_at, changed_at, revoked_at"
                    + " FROM warder_access_token WHERE revision > ?";
    private static final String UPDATE_TOKEN =
            "UPDATE warder_access_token SET document = ?, revision = ?, changed_at = ?,"
                    + " revoked_at = ?, name = ?, client = ?, sha256 = ?, created_at = ? WHERE id = ?";
    private static final String INSERT_TOKEN = "INSERT INTO warder_access_token"
            + " (document, revision, changed_at, revoked_at, name, client, sha256, created_at, id)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private PolicyTables() {}

    static PolicyHead head(Connection connection) throws SQLException {
        return head(connection, HEAD);
    }

    /** The head, which no other transaction changes before this one ends. */
    static PolicyHead lock(Connection connection) throws SQLException {
        return head(connection, LOCK);
    }

    private static PolicyHead head(Connection connection, String sql) throws SQLException {
        return Statements.first(
                        connection, sql, row -> new PolicyHead(row.getLong(1), row.getLong(2), row.getString(3)))
                .orElseThrow(() -> new SQLException("the table warder_policy_revision has lost its row", "02000"));
    }

    /** Whether the content with this head was a content of this database: the audit has its last entry. */
    static boolean had(Connection connection, PolicyHead head) throws SQLException {
        return Statements.list(connection, ENTRY, row -> row.getString(1), head.entries())
                .contains(head.hash());
    }

    /** The changes after a revision. A row of a kind that a newer release has added is left out. */
    static PolicyChanges changes(Connection connection, PolicyHead head, long after) throws SQLException {
        var objects = new ArrayList<StoredObject>();
        var removed = new ArrayList<PolicyName>();
        Statements.each(
                connection,
                SELECT,
                row -> {
                    var kind = PolicyKind.of(row.getString(1));
                    String text = row.getString(2);
                    if (kind.isEmpty() || text.isEmpty() != kind.get().single()) {
                        return;
                    }
                    var name = new PolicyName(kind.get(), text);
                    if (row.getBoolean(4)) {
                        removed.add(name);
                    } else {
                        objects.add(new StoredObject(
                                name,
                                row.getString(3),
                                row.getLong(5),
                                Statements.time(row, 6),
                                Statements.time(row, 7)));
                    }
                },
                after);
        var tokens = Statements.list(connection, SELECT_TOKENS, PolicyTables::token, after);
        return new PolicyChanges(head, objects, removed, tokens);
    }

    private static StoredToken token(ResultSet row) throws SQLException {
        return new StoredToken(
                new StoredToken.Identity(row.getString(1), row.getString(2), row.getString(3), row.getString(4)),
                row.getString(5),
                row.getLong(6),
                Statements.time(row, 7),
                Statements.time(row, 8),
                Optional.ofNullable(Statements.timeOrNull(row, 9)));
    }

    /** Writes changes; what was removed leaves a mark in its place, so that other nodes find that it is removed. */
    static void write(Connection connection, PolicyChanges changes, Instant at) throws SQLException {
        var head = changes.head();
        for (var name : changes.removed()) {
            Statements.update(
                    connection,
                    REMOVE,
                    head.revision(),
                    Statements.exactTime(at),
                    name.kind().word(),
                    name.name());
        }
        var objects = new ArrayList<Object[]>();
        for (var object : changes.objects()) {
            var name = object.name();
            objects.add(new Object[] {
                object.document(),
                false,
                object.revision(),
                Statements.exactTime(object.createdAt()),
                Statements.exactTime(object.changedAt()),
                name.kind().word(),
                name.name()
            });
        }
        write(connection, UPDATE, INSERT, objects);
        var tokens = new ArrayList<Object[]>();
        for (var token : changes.tokens()) {
            tokens.add(new Object[] {
                token.document(),
                token.revision(),
                Statements.exactTime(token.changedAt()),
                token.revokedAt().map(Statements::exactTime),
                token.name(),
                token.client(),
                token.sha256(),
                Statements.exactTime(token.createdAt()),
                token.id()
            });
        }
        write(connection, UPDATE_TOKEN, INSERT_TOKEN, tokens);
        Statements.update(connection, UPDATE_HEAD, head.revision(), head.entries(), head.hash());
    }

    /** Updates rows, and inserts those that are not there yet; both statements have the same parameters. */
    private static void write(Connection connection, String update, String insert, List<Object[]> rows)
            throws SQLException {
        int[] updated = Statements.batch(connection, update, rows, Function.identity());
        Statements.batch(
                connection,
                insert,
                IntStream.range(0, updated.length)
                        .filter(row -> updated[row] == 0)
                        .mapToObj(rows::get)
                        .toList(),
                Function.identity());
    }
}
