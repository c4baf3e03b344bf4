package dev.warder.oauth;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.SchemaException;
import dev.warder.database.Transaction;
import dev.warder.oauth.TokenStore.Held;
import dev.warder.oauth.TokenStore.StoredLogin;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * A login in a row of the table {@code warder_oauth_token}, shared by all nodes. A node that works exclusively holds
 * the lock on the row in a transaction. The database ends that transaction with the connection of a node that died.
 */
final class JdbcTokenStore implements TokenStore {
    /** The class of SQL states for constraints that are violated. */
    private static final String CONSTRAINT = "23";

    private final DataSource source;
    private final DatabaseSchema schema;
    private final LoginRows rows;
    private final DeadlinePoll poll;

    /** @param name of the credential, and therefore of the row */
    JdbcTokenStore(DataSource source, String name, LoginFormat format, DeadlinePoll poll) {
        this.source = source;
        this.schema = new DatabaseSchema(source, DatabaseSchema.Tables.TOKENS, poll.nanoTime(), poll.pause());
        this.rows = new LoginRows(new TokenTable(name), format);
        this.poll = poll;
    }

    /** The work of one transaction. */
    private interface Step<T> {
        T with(Connection connection) throws SQLException, TokenStoreException;
    }

    @Override
    public Optional<StoredLogin> read() throws TokenStoreException {
        var row = inTransaction(rows.table()::read);
        return row.isEmpty() ? Optional.empty() : rows.login(row.get());
    }

    @Override
    public <T> T exclusively(Work<T> work) throws TokenStoreException {
        if (inTransaction(rows.table()::read).isEmpty()) {
            inTransaction(this::makeRow);
        }
        return inTransaction(connection -> {
            var held = new HeldRow(connection, rows, lock(connection));
            try {
                return work.with(held);
            } finally {
                held.end();
            }
        });
    }

    @Override
    public String place() {
        return rows.place();
    }

    /** Whether this node created the row. */
    private boolean makeRow(Connection connection) throws SQLException {
        try {
            rows.table().create(connection);
            connection.commit();
            return true;
        } catch (SQLException failed) {
            if (Objects.requireNonNullElse(failed.getSQLState(), "").startsWith(CONSTRAINT)) {
                return false;
            }
            throw failed;
        }
    }

    private TokenTable.Row lock(Connection connection) throws TokenStoreException {
        return poll.await(() -> tryLock(connection), place() + " is locked by another node for too long");
    }

    private Optional<TokenTable.Row> tryLock(Connection connection) throws TokenStoreException {
        try {
            // A separate transaction each time, so that none sees an outdated row.
            connection.rollback();
            return rows.table().lock(connection);
        } catch (SQLException failed) {
            throw rows.failure(failed);
        }
    }

    private <T> T inTransaction(Step<T> step) throws TokenStoreException {
        try {
            schema.bringUpToDate();
        } catch (SchemaException outdated) {
            throw new TokenStoreException(SchemaException.TEXT, outdated);
        } catch (SQLException failed) {
            throw rows.failure(failed);
        }
        try (var transaction = Transaction.begin(source)) {
            return step.with(transaction.connection());
        } catch (SQLException failed) {
            throw rows.failure(failed);
        }
    }

    /** A row whose lock a transaction holds until it commits the first change. One thread at a time. */
    private static final class HeldRow implements Held {
        private final Connection connection;
        private final LoginRows rows;
        private final TokenTable.Row row;
        private boolean ended;

        HeldRow(Connection connection, LoginRows rows, TokenTable.Row row) {
            this.connection = connection;
            this.rows = rows;
            this.row = row;
        }

        @Override
        public Optional<StoredLogin> read() throws TokenStoreException {
            requireLock();
            return rows.login(row);
        }

        @Override
        public StoredLogin write(OAuthToken token) throws TokenStoreException {
            requireLock();
            var document = rows.document(row).orElseGet(LoginDocument::empty).with(token);
            var next = replace(Optional.of(document), Optional.of(token.expiry()));
            return rows.login(next).orElseThrow();
        }

        @Override
        public void refuse() throws TokenStoreException {
            requireLock();
            var document = rows.document(row);
            if (document.isPresent()) {
                var expiry = document.get().token().map(OAuthToken::expiry);
                replace(Optional.of(document.get().refused()), expiry);
            }
        }

        @Override
        public void clear() throws TokenStoreException {
            requireLock();
            replace(Optional.empty(), Optional.empty());
        }

        /** The work is done, and the lock released. */
        void end() {
            ended = true;
        }

        private TokenTable.Row replace(Optional<LoginDocument> document, Optional<Instant> expiry)
                throws TokenStoreException {
            try {
                var next = rows.replace(connection, row, document, expiry);
                connection.commit();
                end();
                return next;
            } catch (SQLException failed) {
                throw rows.failure(failed);
            }
        }

        private void requireLock() {
            if (ended) {
                throw new IllegalStateException("the lock ended with an earlier change, or with the work");
            }
        }
    }
}
