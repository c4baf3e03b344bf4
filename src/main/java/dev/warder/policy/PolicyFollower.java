package dev.warder.policy;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.LimitedSource;
import dev.warder.database.RepeatableTransactions;
import dev.warder.database.Statements;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest content of the database that this node has read. {@link #look} reads what other nodes have changed, and {@link
 * #change} what this one changes. While the database cannot be used, the content that was read last counts. Thread-safe.
 */
public final class PolicyFollower {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyFollower.class);
    /** Half of what a response to an administrator may take. */
    private static final Duration LONGEST_TURN = Duration.ofSeconds(15);

    private final RepeatableTransactions transactions;
    private final List<Consumer<StoredPolicy>> listeners;
    private final Duration longestTurn;

    /** Used by the thread that has the turn. */
    private final AuditMark mark;

    /**
     * Held while the database is read or changed: an older content never replaces a newer one, the log has changes in their
     * order, and a source that opens one connection at a time is asked for one.
     */
    private final ReentrantLock turn = new ReentrantLock();

    private volatile StoredPolicy known = StoredPolicy.EMPTY;
    private volatile boolean isAway;

    /** Used by the thread that has the turn. */
    private boolean isRead;

    /**
     * Decides on a change and writes what belongs to it, in a transaction in which no other change can be made.
     *
     * @param <T> the result
     * @param <E> the reason why nothing is changed
     */
    @FunctionalInterface
    public interface Change<T, E extends Exception> {
        /**
         * Decides; it may be called again for one change, if the database has ended the transaction.
         *
         * @param handle of the transaction, for what is written with the change
         * @param newest the content before the change
         * @param at the moment of the change, by the database's clock
         */
        Decision<T> decide(Handle handle, StoredPolicy newest, Instant at) throws SQLException, E;
    }

    /**
     * A change, and the result for the caller.
     *
     * @param changes with the head of the content before it if nothing is changed
     * @param entries those of the audit, written in the same transaction
     */
    public record Decision<T>(StoredPolicy.Changes changes, T result, List<AuditEntry> entries) {
        public Decision {
            entries = List.copyOf(entries);
        }
    }

    /** A change that was committed, and the policy that it made. */
    private record Committed<T>(StoredPolicy content, Decision<T> decision) {}

    /**
     * Reads nothing yet.
     *
     * @param source the operator's database
     * @param listeners receive each content that is new, in order; they do not wait and throw nothing
     * @param journal the folder of this node's journal, where it notes the last entries of the audit
     */
    public PolicyFollower(DataSource source, List<Consumer<StoredPolicy>> listeners, Optional<Path> journal) {
        this(source, listeners, journal, LONGEST_TURN);
    }

    /** @param longestTurn how long a caller waits for others at most */
    public PolicyFollower(
            DataSource source, List<Consumer<StoredPolicy>> listeners, Optional<Path> journal, Duration longestTurn) {
        this.longestTurn = longestTurn;
        mark = new AuditMark(journal);
        transactions = new RepeatableTransactions(source, DatabaseSchema.Tables.INCREASES);
        this.listeners = List.copyOf(listeners);
    }

    /** The content that was read last; empty before the first one. Never waits. */
    public StoredPolicy known() {
        return known;
    }

    public boolean isDatabaseAway() {
        return isAway;
    }

    /**
     * Reads what is new, and returns the newest content. Waits for the database.
     *
     * @throws SQLException if the database cannot be used now
     */
    public StoredPolicy newest() throws SQLException {
        LimitedSource.takeTurn(turn, longestTurn);
        try {
            return readNewest();
        } finally {
            turn.unlock();
        }
    }

    private StoredPolicy readNewest() throws SQLException {
        var newest = transactions.run(handle -> newest(handle, PolicyTables.head(handle)));
        publish(newest);
        return newest;
    }

    /** Reads what is new, unless a change is made just now, which does so too; to be called every second. Waits for the database. */
    public void look() {
        if (!turn.tryLock()) {
            return;
        }
        try {
            readNewest();
            if (isAway) {
                LOG.info("the policy in the database is read again");
            }
            isAway = false;
        } catch (SQLException away) {
            if (!isAway) {
                LOG.warn(
                        "the policy in the database cannot be read (SQL state {}); what was read last stays in use",
                        away.getSQLState());
            }
            isAway = true;
        } finally {
            turn.unlock();
        }
    }

    /**
     * Reads something of the same tables. Waits for the database.
     *
     * @throws SQLException if the database cannot be used now
     * @throws E as the reading does
     */
    public <T, E extends Exception> T read(RepeatableTransactions.Step<T, E> reading) throws SQLException, E {
        LimitedSource.takeTurn(turn, longestTurn);
        try {
            return transactions.run(reading);
        } finally {
            turn.unlock();
        }
    }

    /**
     * Names the entries of the audit that this node has had and the database lacks; empty if there are none. Waits for the database.
     *
     * @throws SQLException if the database cannot be used now
     */
    public Optional<String> missing() throws SQLException {
        return this.<Optional<String>, SQLException>read(mark::missing);
    }

    /**
     * Makes a change; it is in use on this node when the method returns. Waits for the database.
     *
     * @throws SQLException if the database cannot be used now; the change may have been made
     * @throws E if nothing is changed
     */
    public <T, E extends Exception> T change(Change<T, E> change) throws SQLException, E {
        LimitedSource.takeTurn(turn, longestTurn);
        try {
            var committed = transactions.<Committed<T>, E>run(handle -> {
                var newest = newest(handle, PolicyTables.lock(handle));
                var at = Statements.now(handle);
                var decision = change.decide(handle, newest, at);
                var changes = decision.changes();
                if (changes.head().equals(newest.head())) {
                    return new Committed<>(newest, decision);
                }
                PolicyTables.write(handle, changes, at);
                return new Committed<>(newest.with(changes), decision);
            });
            publish(committed.content());
            mark.add(committed.decision().entries());
            AuditTable.log(committed.decision().entries());
            return committed.decision().result();
        } finally {
            turn.unlock();
        }
    }

    /**
     * The content of a head; only what has changed since the known one is read. A row that is changed between the statements is
     * read again with its revision, which is then still new.
     */
    private StoredPolicy newest(Handle handle, StoredPolicy.Head head) throws SQLException {
        if (isRead && head.equals(known.head())) {
            return known;
        }
        // In the database of a backup, other changes may have got the numbers that are known here.
        boolean follows = head.revision() > known.revision() && PolicyTables.had(handle, known.head());
        if (!follows) {
            mark.compare(handle);
        }
        mark.follow(handle, head.entries());
        var before = follows ? known : StoredPolicy.EMPTY;
        return before.with(PolicyTables.changes(handle, head, before.revision()));
    }

    /** Content that a listener could not use is offered again with the next look. */
    private void publish(StoredPolicy newest) {
        if (!isRead || !newest.head().equals(known.head())) {
            listeners.forEach(listener -> listener.accept(newest));
            known = newest;
            isRead = true;
        }
    }
}
