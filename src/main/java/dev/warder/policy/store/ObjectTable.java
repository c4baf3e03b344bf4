package dev.warder.policy.store;

import dev.warder.database.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;

/** The statements on {@code warder_policy_object}. The caller owns the transaction. */
final class ObjectTable {
    private static final String SELECT = "SELECT kind, name, document, removed, revision, created_at, changed_at"
            + " FROM warder_policy_object WHERE revision > ? ORDER BY kind, name";
    private static final String UPDATE = "UPDATE warder_policy_object SET document = ?, removed = ?, revision = ?,"
            + " created_at = ?, changed_at = ? WHERE kind = ? AND name = ?";
    private static final String INSERT = "INSERT INTO warder_policy_object"
            + " (document, removed, revision, created_at, changed_at, kind, name) VALUES (?, ?, ?, ?, ?, ?, ?)";
    private static final String REMOVE = "UPDATE warder_policy_object SET document = '', removed = TRUE, revision = ?,"
            + " changed_at = ? WHERE kind = ? AND name = ?";

    private ObjectTable() {}

    /** Adds what was changed after a revision. A row of a kind that a newer release has added is left out. */
    static void select(Connection connection, long after, List<StoredObject> objects, List<PolicyName> removed)
            throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(SELECT))) {
            select.setLong(1, after);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    add(rows, objects, removed);
                }
            }
        }
    }

    private static void add(ResultSet rows, List<StoredObject> objects, List<PolicyName> removed) throws SQLException {
        var kind = PolicyKind.of(rows.getString(1));
        String text = rows.getString(2);
        if (kind.isEmpty() || text.isEmpty() != kind.get().single()) {
            return;
        }
        var name = new PolicyName(kind.get(), text);
        if (rows.getBoolean(4)) {
            removed.add(name);
        } else {
            objects.add(new StoredObject(name, rows.getString(3), rows.getLong(5), instant(rows, 6), instant(rows, 7)));
        }
    }

    /** Writes objects, whether there are rows of their names or not. */
    static void write(Connection connection, List<StoredObject> objects) throws SQLException {
        Batches.write(connection, UPDATE, INSERT, objects, ObjectTable::set);
    }

    private static void set(PreparedStatement statement, StoredObject object) throws SQLException {
        statement.setString(1, object.document());
        statement.setBoolean(2, false);
        statement.setLong(3, object.revision());
        setInstant(statement, 4, object.createdAt());
        setInstant(statement, 5, object.changedAt());
        statement.setString(6, object.name().kind().word());
        statement.setString(7, object.name().name());
    }

    /** Leaves a mark in the place of each object, so that other nodes find that it is removed. */
    static void remove(Connection connection, Collection<PolicyName> names, long revision, Instant at)
            throws SQLException {
        try (var remove = Statements.limited(connection.prepareStatement(REMOVE))) {
            for (var name : names) {
                remove.setLong(1, revision);
                setInstant(remove, 2, at);
                remove.setString(3, name.kind().word());
                remove.setString(4, name.name());
                remove.executeUpdate();
            }
        }
    }

    /** A moment of a row, which is not null. */
    static Instant instant(ResultSet rows, int column) throws SQLException {
        return rows.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** Sets a moment. */
    static void setInstant(PreparedStatement statement, int index, Instant at) throws SQLException {
        statement.setObject(index, at.atOffset(ZoneOffset.UTC));
    }
}
