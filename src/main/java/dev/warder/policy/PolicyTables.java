package dev.warder.policy;

import dev.warder.database.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The statements on {@code warder_policy_object} and {@code warder_access_token}. The caller owns the transaction. */
final class PolicyTables {
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
    /** The limit of a statement's time is also that of a batch. */
    private static final int MOST = 500;

    private PolicyTables() {}

    /** Adds what was changed after a revision. A row of a kind that a newer release has added is left out. */
    static void selectObjects(Connection connection, long after, List<StoredObject> objects, List<PolicyName> removed)
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

    static void writeObjects(Connection connection, List<StoredObject> objects) throws SQLException {
        write(connection, UPDATE, INSERT, objects, PolicyTables::set);
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
    private static Instant instant(ResultSet rows, int column) throws SQLException {
        return rows.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static void setInstant(PreparedStatement statement, int index, Instant at) throws SQLException {
        statement.setObject(index, at.atOffset(ZoneOffset.UTC));
    }

    static void selectTokens(Connection connection, long after, List<StoredToken> tokens) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(SELECT_TOKENS))) {
            select.setLong(1, after);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    tokens.add(token(rows));
                }
            }
        }
    }

    private static StoredToken token(ResultSet rows) throws SQLException {
        return new StoredToken(
                rows.getString(1),
                rows.getString(2),
                rows.getString(3),
                rows.getString(4),
                rows.getString(5),
                rows.getLong(6),
                instant(rows, 7),
                instant(rows, 8),
                Optional.ofNullable(rows.getObject(9, OffsetDateTime.class)).map(OffsetDateTime::toInstant));
    }

    static void writeTokens(Connection connection, List<StoredToken> tokens) throws SQLException {
        write(connection, UPDATE_TOKEN, INSERT_TOKEN, tokens, PolicyTables::set);
    }

    private static void set(PreparedStatement statement, StoredToken token) throws SQLException {
        statement.setString(1, token.document());
        statement.setLong(2, token.revision());
        setInstant(statement, 3, token.changedAt());
        if (token.revokedAt().isPresent()) {
            setInstant(statement, 4, token.revokedAt().get());
        } else {
            statement.setNull(4, Types.TIMESTAMP_WITH_TIMEZONE);
        }
        statement.setString(5, token.name());
        statement.setString(6, token.client());
        statement.setString(7, token.sha256());
        setInstant(statement, 8, token.createdAt());
        statement.setString(9, token.id());
    }

    /** Sets the parameters of a statement, which are the same for an update and an insert. */
    private interface Parameters<T> {
        void set(PreparedStatement statement, T row) throws SQLException;
    }

    private static <T> void write(
            Connection connection, String update, String insert, List<T> rows, Parameters<T> parameters)
            throws SQLException {
        for (int from = 0; from < rows.size(); from += MOST) {
            var part = rows.subList(from, Math.min(from + MOST, rows.size()));
            int[] updated = execute(connection, update, part, parameters);
            var missing = new ArrayList<T>();
            for (int i = 0; i < updated.length; i++) {
                if (updated[i] == 0) {
                    missing.add(part.get(i));
                }
            }
            execute(connection, insert, missing, parameters);
        }
    }

    private static <T> int[] execute(Connection connection, String sql, List<T> rows, Parameters<T> parameters)
            throws SQLException {
        try (var statement = Statements.limited(connection.prepareStatement(sql))) {
            for (var row : rows) {
                parameters.set(statement, row);
                statement.addBatch();
            }
            return rows.isEmpty() ? new int[0] : statement.executeBatch();
        }
    }
}
