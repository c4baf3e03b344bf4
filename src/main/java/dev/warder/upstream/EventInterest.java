package dev.warder.upstream;

import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import org.apache.hc.core5.reactor.IOSession;

/**
 * The events that the reactor reports for a session. A change has no effect once the session is closed. Thread-safe.
 */
final class EventInterest {
    private final IOSession session;

    EventInterest(IOSession session) {
        this.session = session;
    }

    /** Whether HttpCore has suspended reading. */
    boolean isReadSuspended() {
        return !has(SelectionKey.OP_READ);
    }

    /** Replaces the interest. */
    void set(int mask) {
        whileOpen(() -> session.setEventMask(mask));
    }

    /**
     * Leaves an interest that exists already, because the session would wake its selector up for nothing. It checks
     * under the lock, because HttpCore withdraws its interest under the same lock once no output is requested. A
     * request between the two would find an interest that is about to be withdrawn.
     */
    void add(int event) {
        var lock = session.getLock();
        lock.lock();
        try {
            whileOpen(() -> {
                if (!has(event)) {
                    session.setEvent(event);
                }
            });
        } finally {
            lock.unlock();
        }
    }

    /** Removes an interest that exists. */
    void remove(int event) {
        whileOpen(() -> {
            if ((session.getEventMask() & event) != 0) {
                session.clearEvent(event);
            }
        });
    }

    /** Whether all these events are reported. */
    private boolean has(int event) {
        return (session.getEventMask() & event) == event;
    }

    /**
     * Any thread may request events, and the reactor may close the session meanwhile: the key of a closed session
     * throws. A late caller needs no exception, because HttpCore reports the end of the session to each exchange on it.
     */
    private static void whileOpen(Runnable change) {
        try {
            change.run();
        } catch (CancelledKeyException closed) {
            // The change has no effect, and needs none.
        }
    }
}
