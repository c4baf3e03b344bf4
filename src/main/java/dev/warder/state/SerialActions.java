package dev.warder.state;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
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

    /** Adds an action, and runs it as {@link #runAll} does. */
    public void run(Runnable action) {
        addAll(List.of(action));
        runAll();
    }

    /** The same, but does nothing while a thread runs actions. */
    public void runIfIdle(Runnable action) {
        if (addIfIdle(action)) {
            runAll();
        }
    }

    /** Adds actions, all or none, which {@link #runAll} runs. */
    synchronized void addAll(List<Runnable> actions) {
        var waiting = queue;
        if (waiting == null) {
            queue = new ArrayDeque<>(actions);
        } else {
            waiting.addAll(actions);
        }
    }

    /**
     * Runs what was added, unless a thread runs actions already, which then runs these too. Each action is run, even if one
     * before it throws; the first fault is thrown afterwards, by the thread that ran them.
     */
    void runAll() {
        var faults = new Faults();
        if (!begin()) {
            return;
        }
        boolean whole = false;
        try {
            for (var next = next(); next != null; next = next()) {
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

    /** Whether another thread than this one runs actions now. */
    synchronized boolean runsElsewhere() {
        return runner != null && runner != Thread.currentThread();
    }

    private synchronized boolean addIfIdle(Runnable action) {
        if (runner != null) {
            return false;
        }
        addAll(List.of(action));
        return true;
    }

    private synchronized boolean begin() {
        if (runner != null || queue == null) {
            return false;
        }
        runner = Thread.currentThread();
        return true;
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
