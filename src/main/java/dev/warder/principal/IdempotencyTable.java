package dev.warder.principal;

import dev.warder.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** The statements on {@code warder_idempotency}. The caller owns the transaction, in which no other change is made. */
final class IdempotencyTable {
    static final Duration KEPT = Duration.ofHours(24);

    private static final String SELECT =
            "SELECT request_hash, status, revision, document FROM warder_idempotency WHERE id = ? AND made_at > ?";
    private static final String DELETE = "DELETE FROM warder_idempotency WHERE made_at <= ?";
    private static final String INSERT = "INSERT INTO warder_idempotency (id, request_hash, status, revision, document,"
            + " made_at) VALUES (?, ?, ?, ?, ?, ?)";
    private static final int CREATED = 201;
    private static final int OK = 200;

    private IdempotencyTable() {}

    /**
     * A request that was done.
     *
     * @param requestHash the hash of what was asked for
     */
    record Done(String requestHash, Result result) {}

    static Optional<Done> find(Connection connection, IdempotencyKey key, Instant at) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(SELECT))) {
            select.setString(1, key.id());
            select.setObject(2, at.minus(KEPT).atOffset(ZoneOffset.UTC));
            try (var row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new Done(
                                row.getString(1),
                                new Result(row.getInt(2) == CREATED, row.getLong(3), row.getString(4))))
                        : Optional.empty();
            }
        }
    }

    static void insert(Connection connection, IdempotencyKey key, Result result, Instant at) throws SQLException {
        try (var delete = Statements.limited(connection.prepareStatement(DELETE));
                var insert = Statements.limited(connection.prepareStatement(INSERT))) {
            delete.setObject(1, at.minus(KEPT).atOffset(ZoneOffset.UTC));
            delete.executeUpdate();
            insert.setString(1, key.id());
            insert.setString(2, key.requestHash());
            insert.setInt(3, result.isNew() ? CREATED : OK);
            insert.setLong(4, result.revision());
            insert.setString(5, result.document());
            insert.setObject(6, at.atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }
}
