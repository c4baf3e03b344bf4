package dev.warder.policy;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest content of the database that this node has read. {@link #look} reads what other nodes have changed, and {@link
 * #change} what this one changes. While the database cannot be used, the content that was read last counts. Thread-safe.
 */
public final class PolicyFollower {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyFollower.class);

    private final PolicyStore store;
    private final List<Consumer<StoredPolicy>> listeners;
    /**
     * Held while the database is read or changed: an older content never replaces a newer one, and a source that opens one
     * connection at a time is asked for one.
     */
    private final ReentrantLock turn = new ReentrantLock();

    private volatile StoredPolicy known = StoredPolicy.EMPTY;
    private volatile boolean isAway;

    @GuardedBy("turn")
    private boolean isRead;

    /**
     * Reads nothing yet.
     *
     * @param listeners receive each content that is new, in order; they do not wait and throw nothing
     */
    public PolicyFollower(PolicyStore store, List<Consumer<StoredPolicy>> listeners) {
        this.store = store;
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
        turn.lock();
        try {
            var newest = store.newest(known);
            publish(newest);
            return newest;
        } finally {
            turn.unlock();
        }
    }

    /** Reads what is new; to be called every second. Waits for the database. */
    public void look() {
        try {
            newest();
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
        }
    }

    /**
     * Reads something of the same tables. Waits for the database.
     *
     * @throws SQLException if the database cannot be used now
     */
    public <T> T read(PolicyStore.Reading<T> reading) throws SQLException {
        turn.lock();
        try {
            return store.read(reading);
        } finally {
            turn.unlock();
        }
    }

    /**
     * Makes a change; it is in use on this node when the method returns. Waits for the database.
     *
     * @throws SQLException if the database cannot be used now; the change may have been made
     * @throws E if nothing is changed
     */
    public <T, E extends Exception> T change(PolicyStore.Change<T, E> change) throws SQLException, E {
        turn.lock();
        try {
            var committed = store.change(known, change);
            publish(committed.content());
            return committed.result();
        } finally {
            turn.unlock();
        }
    }

    /** Content that a listener could not use is offered again with the next look. */
    @GuardedBy("turn")
    private void publish(StoredPolicy newest) {
        if (!isRead || !newest.head().equals(known.head())) {
            listeners.forEach(listener -> listener.accept(newest));
            known = newest;
            isRead = true;
        }
    }
}
