package dev.warder.policy.store;

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
    private final PolicyStore watched;
    private final List<Consumer<StoredPolicy>> listeners;
    private final ReentrantLock publishing = new ReentrantLock();
    private volatile StoredPolicy known = StoredPolicy.EMPTY;
    private volatile boolean isRead;
    private volatile boolean isAway;

    /**
     * Reads nothing yet.
     *
     * @param listeners receive each content that is new, in order; they do not wait and throw nothing
     */
    public PolicyFollower(PolicyStore store, List<Consumer<StoredPolicy>> listeners) {
        this(store, store, listeners);
    }

    /**
     * The same with connections of its own for {@link #look}, which another thread calls than the other methods: a source that
     * opens one connection at a time would refuse one of the two.
     *
     * @param watched the same tables as {@code store}
     */
    public PolicyFollower(PolicyStore store, PolicyStore watched, List<Consumer<StoredPolicy>> listeners) {
        this.store = store;
        this.watched = watched;
        this.listeners = List.copyOf(listeners);
    }

    /** The content that was read last; empty before the first one. Never waits. */
    public StoredPolicy known() {
        return known;
    }

    /** Whether the last attempt to read failed. Never waits. */
    public boolean isDatabaseAway() {
        return isAway;
    }

    /**
     * Reads what is new, and returns the newest content. Waits for the database.
     *
     * @throws SQLException if the database cannot be used now
     */
    public StoredPolicy newest() throws SQLException {
        return newest(store);
    }

    private StoredPolicy newest(PolicyStore from) throws SQLException {
        var before = known;
        var newest = from.newest(before);
        publish(newest, newest.revision() < before.revision());
        return newest;
    }

    /** Reads what is new; to be called every second. Waits for the database. */
    public void look() {
        try {
            newest(watched);
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
        return store.read(reading);
    }

    /**
     * Makes a change; it is in use on this node when the method returns. Waits for the database.
     *
     * @throws SQLException if the database cannot be used now; the change may have been made
     * @throws E if nothing is changed
     */
    public <T, E extends Exception> PolicyStore.Committed<T> change(PolicyStore.Change<T, E> change)
            throws SQLException, E {
        var committed = store.change(known, change);
        publish(committed.content(), false);
        return committed;
    }

    /** @param isOlder whether the database counts again from a lower number, because a backup was restored */
    private void publish(StoredPolicy newest, boolean isOlder) {
        publishing.lock();
        try {
            boolean isNew = newest.revision() > known.revision() || isOlder || !isRead;
            if (isNew) {
                known = newest;
                isRead = true;
                listeners.forEach(listener -> listener.accept(newest));
            }
        } finally {
            publishing.unlock();
        }
    }
}
