package dev.warder.oauth;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.SchemaException;
import dev.warder.database.Transaction;
import dev.warder.oauth.TokenStore.Held;
import dev.warder.oauth.TokenStore.StoredLogin;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.sql.DataSource;

/**
 * A login in a row of the table {@code warder_oauth_token}, shared by all nodes. A node that works exclusively holds
 * the lock on the row in a transaction. The database ends that transaction with the connection of a node that died.
 */
final class JdbcTokenStore implements TokenStore {
    private static final String CONSTRAINT = "23";

    private final DataSource source;
    private final DatabaseSchema schema;
    private final LoginRows rows;
    private final DeadlinePoll poll;

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

    /** Logins as rows of the table: converts between its columns and what a store returns. Thread-safe. */
    record LoginRows(TokenTable table, LoginFormat format) {
        String place() {
            return "row " + table.name() + " of the table warder_oauth_token in jdbc/warder";
        }

        Optional<LoginDocument> document(TokenTable.Row row) throws TokenStoreException {
            try {
                return row.token().isEmpty()
                        ? Optional.empty()
                        : Optional.of(format.read(row.token().get(), place()));
            } catch (TokenStoreException unusable) {
                throw new TokenStoreException(place() + " " + unusable.getMessage(), unusable);
            }
        }

        Optional<StoredLogin> login(TokenTable.Row row) throws TokenStoreException {
            var document = document(row);
            try {
                return document.isEmpty() ? Optional.empty() : document.get().login(Long.toString(row.generation()));
            } catch (TokenStoreException unusable) {
                throw new TokenStoreException(place() + " " + unusable.getMessage(), unusable);
            }
        }

        TokenTable.Row replace(
                Connection connection, TokenTable.Row row, Optional<LoginDocument> document, Optional<Instant> expiry)
                throws SQLException, TokenStoreException {
            Optional<String> stored =
                    document.isEmpty() ? Optional.empty() : Optional.of(format.write(document.get(), place()));
            return table.update(connection, row, stored, expiry);
        }

        /** Without the driver's message, which may contain an address and what drivers accept in it. */
        TokenStoreException failure(SQLException failed) {
            return new TokenStoreException(
                    place() + ": the database fails (SQL state " + failed.getSQLState() + ")", failed);
        }
    }

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

        Row update(Connection connection, Row row, Optional<String> token, Optional<Instant> expiry)
                throws SQLException {
            var next = new Row(row.generation() + 1, token);
            try (var update = prepare(
                    connection,
                    "UPDATE warder_oauth_token SET generation = ?, token = ?, expires_at = ? WHERE name = ?")) {
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

    /**
     * Repeats an attempt for at most 5 s: a lock that other processes and other class loaders share sends no notice when it
     * is free. Thread-safe.
     *
     * @param nanoTime the clock
     * @param pause waits about as long as its argument; a thread that is interrupted does not wait
     */
    record DeadlinePoll(LongSupplier nanoTime, Consumer<Duration> pause) {
        static final Duration LIMIT = Duration.ofSeconds(5);
        private static final Duration INTERVAL = Duration.ofMillis(10);

        /** The real clock, and a thread that may wait. */
        static DeadlinePoll ofThisThread() {
            return new DeadlinePoll(System::nanoTime, time -> LockSupport.parkNanos(time.toNanos()));
        }

        /** An attempt that may fail. */
        interface Attempt<T> {
            Optional<T> result() throws TokenStoreException;
        }

        /** Returns the result of the first attempt that has one; fails with {@code refusal} when there was none in time. */
        <T> T await(Attempt<T> attempt, String refusal) throws TokenStoreException {
            long end = nanoTime.getAsLong() + LIMIT.toNanos();
            var result = attempt.result();
            while (result.isEmpty()) {
                if (nanoTime.getAsLong() - end >= 0 || Thread.currentThread().isInterrupted()) {
                    throw new TokenStoreException(refusal);
                }
                rest();
                result = attempt.result();
            }
            return result.get();
        }

        void rest() {
            pause.accept(INTERVAL);
        }
    }
}
