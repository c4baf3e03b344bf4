package dev.warder.oauth;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.DatabaseSchema.SchemaException;
import dev.warder.database.RepeatableTransactions;
import dev.warder.database.Statements;
import dev.warder.oauth.TokenStore.TokenStoreException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/**
 * A login in a row of the table {@code warder_oauth_token}, shared by all nodes. A node that works exclusively holds
 * the lock on the row in a transaction. The database ends that transaction with the connection of a node that died.
 */
final class JdbcTokenStore implements TokenStore {
    private static final String CONSTRAINT = "23";

    private final TokenTable table;
    private final RepeatableTransactions transactions;
    private final LoginFormat format;
    private final DeadlinePoll poll;

    JdbcTokenStore(DataSource source, String name, LoginFormat format, DeadlinePoll poll) {
        this.table = new TokenTable(name);
        this.transactions = new RepeatableTransactions(
                new DatabaseSchema(source, DatabaseSchema.Tables.TOKENS, poll.nanoTime(), poll.pause()));
        this.format = format;
        this.poll = poll;
    }

    /** The work of one transaction. */
    private interface Step<T, E extends Exception> {
        T with(Handle handle) throws SQLException, TokenStoreException, E;
    }

    @Override
    public Optional<StoredLogin> read() throws TokenStoreException {
        return login(inTransaction(table::read).orElse(""));
    }

    @Override
    public <T, E extends Exception> T exclusively(Work<T, E> work) throws TokenStoreException, E {
        if (inTransaction(table::read).isEmpty()) {
            inTransaction(this::makeRow);
        }
        return inTransaction(handle -> {
            var stored = poll.await(() -> tryLock(handle), place() + " is locked by another node for too long");
            var held = new HeldRow(handle, stored);
            try {
                return work.with(held);
            } finally {
                held.ended = true;
            }
        });
    }

    @Override
    public String place() {
        return "row " + table.name() + " of the table warder_oauth_token in jdbc/warder";
    }

    private boolean makeRow(Handle handle) throws SQLException {
        try {
            table.create(handle);
        } catch (JdbiException failed) {
            if (Statements.hasState(failed, CONSTRAINT)) {
                return false;
            }
            throw failed;
        }
        handle.getConnection().commit();
        return true;
    }

    private Optional<String> tryLock(Handle handle) throws TokenStoreException {
        try {
            // A separate transaction each time, so that none sees an outdated row.
            handle.getConnection().rollback();
            return table.lock(handle);
        } catch (SQLException failed) {
            throw failure(failed);
        }
    }

    private <T, E extends Exception> T inTransaction(Step<T, E> step) throws TokenStoreException, E {
        try (var transaction = transactions.begin()) {
            return step.with(transaction.handle());
        } catch (SchemaException outdated) {
            throw new TokenStoreException(SchemaException.TEXT, outdated);
        } catch (SQLException failed) {
            throw failure(failed);
        } catch (JdbiException failed) {
            throw failure(Statements.failure(failed));
        }
    }

    private Optional<LoginDocument> document(String stored) throws TokenStoreException {
        try {
            return stored.isEmpty() ? Optional.empty() : Optional.of(format.read(stored, place()));
        } catch (TokenStoreException unusable) {
            throw unusable.at(place());
        }
    }

    private Optional<StoredLogin> login(String stored) throws TokenStoreException {
        var document = document(stored);
        return document.isEmpty() ? Optional.empty() : document.get().login(place());
    }

    /** Without the driver's message, which may contain an address and what drivers accept in it. */
    private TokenStoreException failure(SQLException failed) {
        return new TokenStoreException(
                place() + ": the database fails (SQL state " + failed.getSQLState() + ")", failed);
    }

    /** A row whose lock a transaction holds until it commits the first change. One thread at a time. */
    private final class HeldRow implements Held {
        private final Handle handle;
        private final String stored;
        private boolean ended;

        HeldRow(Handle handle, String stored) {
            this.handle = handle;
            this.stored = stored;
        }

        @Override
        public Optional<StoredLogin> read() throws TokenStoreException {
            requireLock();
            return login(stored);
        }

        @Override
        public StoredLogin write(OAuthToken token) throws TokenStoreException {
            requireLock();
            var document = document(stored).orElseGet(LoginDocument::empty).with(token);
            replace(format.write(document, place()), Optional.of(token.expiry()));
            return document.login(place()).orElseThrow();
        }

        @Override
        public void refuse() throws TokenStoreException {
            requireLock();
            var document = document(stored);
            if (document.isPresent()) {
                var refused = format.write(document.get().refused(), place());
                replace(refused, document.get().token().map(OAuthToken::expiry));
            }
        }

        @Override
        public void clear() throws TokenStoreException {
            requireLock();
            replace("", Optional.empty());
        }

        private void replace(String next, Optional<Instant> expiry) throws TokenStoreException {
            try {
                table.update(handle, next, expiry);
                handle.getConnection().commit();
                ended = true;
            } catch (JdbiException failed) {
                throw failure(Statements.failure(failed));
            } catch (SQLException failed) {
                throw failure(failed);
            }
        }

        private void requireLock() {
            if (ended) {
                throw new IllegalStateException("the lock ended with an earlier change, or with the work");
            }
        }
    }

    /** The statements on one row of {@code warder_oauth_token}, each with a limit of 5 s. */
    private record TokenTable(String name) {
        /** Empty text where no login is stored. */
        private static final String SELECT = "SELECT COALESCE(token, '') FROM warder_oauth_token WHERE name = ?";

        private static final String UPDATE =
                """
                UPDATE warder_oauth_token SET generation = generation + 1, token = NULLIF(CAST(? AS VARCHAR), ''), expires_at = ?
                WHERE name = ?
                """;

        private static final String LOCK = SELECT + " FOR UPDATE SKIP LOCKED";

        /** Reads the login, which is empty text where none is stored; empty where there is no row. */
        Optional<String> read(Handle handle) {
            return handle.select(SELECT, name).mapTo(String.class).findOne();
        }

        /** Reads the login under the row's lock; empty when another transaction holds the lock, without waiting for it. */
        Optional<String> lock(Handle handle) {
            return handle.select(LOCK, name).mapTo(String.class).findOne();
        }

        /** Creates the row, without a login; fails with an SQL state of class 23 when the row exists. */
        void create(Handle handle) {
            handle.execute("INSERT INTO warder_oauth_token (name, generation) VALUES (?, 0)", name);
        }

        /** @param next empty text for no login */
        void update(Handle handle, String next, Optional<Instant> expiry) {
            handle.execute(UPDATE, next, expiry, name);
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
