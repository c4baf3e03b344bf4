package dev.warder.oauth;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** The statements on one row of {@code warder_oauth_token}, each with a limit of 5 s. */
record TokenTable(String name) {
    private static final String SELECT = "SELECT generation, token FROM warder_oauth_token WHERE name = ?";

    /**
     * The row.
     *
     * @param generation increases by one with each change
     * @param token the login as it is stored; empty when there is none
     */
    record Row(long generation, Optional<String> token) {
        /** Without the login, which is plain text where no key is configured. */
        @Override
        public String toString() {
            return "Row[" + generation + "]";
        }
    }

    Optional<Row> read(Connection connection) throws SQLException {
        return select(connection, SELECT);
    }

    /** Reads the row under its lock; empty when another transaction holds the lock, without waiting for it. */
    Optional<Row> lock(Connection connection) throws SQLException {
        return select(connection, SELECT + " FOR UPDATE SKIP LOCKED");
    }

    /** Creates the row, without a login; fails with an SQL state of class 23 when the row exists. */
    void create(Connection connection) throws SQLException {
        try (var insert = prepare(connection, "INSERT INTO warder_oauth_token (name, generation) VALUES (?, 0)")) {
            insert.setString(1, name);
            insert.executeUpdate();
        }
    }

    /** Replaces the row that {@code row} was read from, and returns the row after the change. */
    Row update(Connection connection, Row row, Optional<String> token, Optional<Instant> expiry) throws SQLException {
        var next = new Row(row.generation() + 1, token);
        try (var update = prepare(
                connection, "UPDATE warder_oauth_token SET generation = ?, token = ?, expires_at = ? WHERE name = ?")) {
            update.setLong(1, next.generation());
            update.setString(2, token.orElse(null));
            if (expiry.isPresent()) {
                update.setObject(3, expiry.get().atOffset(ZoneOffset.UTC));
            } else {
                update.setNull(3, Types.TIMESTAMP_WITH_TIMEZONE);
            }
            update.setString(4, name);
            update.executeUpdate();
        }
        return next;
    }

    private Optional<Row> select(Connection connection, String sql) throws SQLException {
        try (var select = prepare(connection, sql)) {
            select.setString(1, name);
            try (var rows = select.executeQuery()) {
                return rows.next()
                        ? Optional.of(new Row(rows.getLong(1), Optional.ofNullable(rows.getString(2))))
                        : Optional.empty();
            }
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql) throws SQLException {
        var statement = connection.prepareStatement(sql);
        statement.setQueryTimeout((int) DeadlinePoll.LIMIT.toSeconds());
        return statement;
    }
}
