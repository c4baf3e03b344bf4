package dev.warder.proxy;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The phase of one request on its way up. Events change it under a lock. Their actions run without the lock, one at a time
 * and in the order of the events: on the thread of the event, or on the thread that runs actions already. So an end that
 * comes while the request is being sent cancels what was sent.
 *
 * <p>Thread-safe.
 */
final class UploadState {
    private final Consumer<UploadPhase.Action> actions;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Deque<UploadPhase.Action> queue = new ArrayDeque<>(UploadPhase.Action.values().length);

    @GuardedBy("lock")
    private UploadPhase phase = UploadPhase.CREATED;

    @GuardedBy("lock")
    private boolean started;

    @GuardedBy("lock")
    private boolean running;

    /** @param actions does what is to be done */
    UploadState(Consumer<UploadPhase.Action> actions) {
        this.actions = actions;
    }

    /**
     * An event. Each of its actions is done, even if one before it throws; the first fault is thrown afterwards, by the
     * thread that ran them.
     */
    void on(UploadPhase.Event event) {
        synchronized (lock) {
            var step = phase.on(event);
            phase = step.next();
            started |= phase == UploadPhase.AT_HEAD_GATES;
            queue.addAll(step.actions());
            // The thread of an event without actions may hold a container's locks.
            if (running || queue.isEmpty()) {
                return;
            }
            running = true;
        }
        run();
    }

    /** The phase; its last actions may still run. */
    UploadPhase phase() {
        synchronized (lock) {
            return phase;
        }
    }

    /** Whether the container's thread has begun. */
    boolean hasStarted() {
        synchronized (lock) {
            return started;
        }
    }

    private void run() {
        Throwable first = null;
        for (var next = next(); next != null; next = next()) {
            try {
                actions.accept(next);
            } catch (Throwable fault) {
                first = first == null ? fault : first;
            }
        }
        if (first instanceof Error error) {
            throw error;
        } else if (first != null) {
            throw (RuntimeException) first;
        }
    }

    private UploadPhase.@Nullable Action next() {
        synchronized (lock) {
            var next = queue.poll();
            running = next != null;
            return next;
        }
    }
}
