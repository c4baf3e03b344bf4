package dev.warder.state;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Runs actions one at a time, in the order in which they were added: on the thread that adds one, or on the thread that runs
 * actions already. So no thread waits for an action, and an action may add another one. What only actions read and write
 * needs no lock of its own.
 *
 * <p>Thread-safe. If an error of the virtual machine ends a run between two actions, the next call runs the rest.
 */
public final class SerialActions {
    /** Null while there is no action: most objects of this class live as long as a stream and are seldom used. */
    @GuardedBy("this")
    private @Nullable Deque<Runnable> queue;

    /** Runs actions now. */
    @GuardedBy("this")
    private @Nullable Thread runner;

    /**
     * Adds an action, and runs what was added, unless a thread runs actions already, which then runs these too. Each action is
     * run, even if one before it throws; the first fault is thrown afterwards, by the thread that ran them.
     */
    public void run(Runnable action) {
        var faults = new Faults();
        runFrom(enter(action), faults);
    }

    /** Does the same, but nothing while a thread runs actions. */
    public void runIfIdle(Runnable action) {
        var faults = new Faults();
        runFrom(enterIfIdle(action), faults);
    }

    /** Runs {@code first} and what is added meanwhile; null where another thread runs the actions, or none is there. */
    private void runFrom(@Nullable Runnable first, Faults faults) {
        if (first == null) {
            return;
        }
        boolean whole = false;
        try {
            for (var next = first; next != null; next = next()) {
                faults.run(next);
            }
            whole = true;
        } finally {
            if (!whole) {
                stop();
            }
        }
        faults.throwFirst();
    }

    /** The action to run first; the queue is not needed where nothing waits, which is nearly always so. */
    private synchronized @Nullable Runnable enter(Runnable action) {
        if (runner == null && queue == null) {
            runner = Thread.currentThread();
            return action;
        }
        if (queue == null) {
            queue = new ArrayDeque<>();
        }
        queue.add(action);
        return begin();
    }

    private synchronized @Nullable Runnable enterIfIdle(Runnable action) {
        return runner == null ? enter(action) : null;
    }

    private synchronized @Nullable Runnable begin() {
        if (runner != null || queue == null) {
            return null;
        }
        var first = queue.poll();
        if (first == null) {
            queue = null;
        } else {
            runner = Thread.currentThread();
        }
        return first;
    }

    private synchronized @Nullable Runnable next() {
        var next = queue == null ? null : queue.poll();
        if (next == null) {
            queue = null;
            runner = null;
        }
        return next;
    }

    private synchronized void stop() {
        runner = null;
    }
}
