package dev.warder.policy.store;

import dev.warder.database.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** The statements on {@code warder_access_token}. The caller owns the transaction. */
final class TokenTable {
    private static final String SELECT =
            "SELECT id, name, client, sha256, document, revision, created_at, changed_at, revoked_at"
                    + " FROM warder_access_token WHERE revision > ?";
    private static final String UPDATE = "UPDATE warder_access_token SET document = ?, revision = ?, changed_at = ?,"
            + " revoked_at = ?, name = ?, client = ?, sha256 = ?, created_at = ? WHERE id = ?";
    private static final String INSERT = "INSERT INTO warder_access_token"
            + " (document, revision, changed_at, revoked_at, name, client, sha256, created_at, id)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private TokenTable() {}

    /** What was changed after a revision. */
    static void select(Connection connection, long after, List<StoredToken> tokens) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(SELECT))) {
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
                ObjectTable.instant(rows, 7),
                ObjectTable.instant(rows, 8),
                Optional.ofNullable(rows.getObject(9, OffsetDateTime.class)).map(OffsetDateTime::toInstant));
    }

    /** Writes tokens, whether there are rows of their ids or not. */
    static void write(Connection connection, List<StoredToken> tokens) throws SQLException {
        Batches.write(connection, UPDATE, INSERT, tokens, TokenTable::set);
    }

    private static void set(PreparedStatement statement, StoredToken token) throws SQLException {
        statement.setString(1, token.document());
        statement.setLong(2, token.revision());
        ObjectTable.setInstant(statement, 3, token.changedAt());
        if (token.revokedAt().isPresent()) {
            ObjectTable.setInstant(statement, 4, token.revokedAt().get());
        } else {
            statement.setNull(4, Types.TIMESTAMP_WITH_TIMEZONE);
        }
        statement.setString(5, token.name());
        statement.setString(6, token.client());
        statement.setString(7, token.sha256());
        ObjectTable.setInstant(statement, 8, token.createdAt());
        statement.setString(9, token.id());
    }
}
