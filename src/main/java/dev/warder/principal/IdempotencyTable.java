package dev.warder.principal;

import dev.warder.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
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
        return Statements.first(
                connection,
                SELECT,
                row -> new Done(
                        row.getString(1), new Result(row.getInt(2) == CREATED, row.getLong(3), row.getString(4))),
                key.id(),
                Statements.exactTime(at.minus(KEPT)));
    }

    static void insert(Connection connection, IdempotencyKey key, Result result, Instant at) throws SQLException {
        Statements.update(connection, DELETE, Statements.exactTime(at.minus(KEPT)));
        int status = result.isNew() ? CREATED : OK;
        Statements.update(
                connection,
                INSERT,
                key.id(),
                key.requestHash(),
                status,
                result.revision(),
                result.document(),
                Statements.exactTime(at));
    }
}
