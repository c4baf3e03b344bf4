package dev.warder.container;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs actions one at a time, in the order in which they were added: on the thread that adds one, or on the thread that runs
 * actions already. So no thread waits for an action, and an action may add another one. What only actions read and write
 * needs no lock of its own.
 *
 * <p>Thread-safe. If an error of the virtual machine ends a run between two actions, the next call runs the rest.
 */
public final class SerialActions {
    /** Actions that were added together. Only the thread that runs actions reads and moves the position. */
    private static final class Work<A> {
        private final List<A> actions;
        private final Consumer<A> doing;
        private int position;

        /** Work to do afterwards; guarded by the lock of the queue. */
        private @Nullable Work<?> following;

        Work(List<A> actions, Consumer<A> doing) {
            this.actions = actions;
            this.doing = doing;
        }

        /** Returns the first fault, which is {@code thrown} if there is one. */
        @Nullable
        Throwable run(@Nullable Throwable thrown) {
            var first = thrown;
            while (position < actions.size()) {
                try {
                    doing.accept(actions.get(position++));
                } catch (Throwable fault) {
                    first = Faults.join(first, fault);
                }
            }
            return first;
        }
    }

    @GuardedBy("this")
    private @Nullable Work<?> first;

    @GuardedBy("this")
    private @Nullable Work<?> last;

    @GuardedBy("this")
    private @Nullable Thread runner;

    /**
     * Adds an action, and runs what was added, unless a thread runs actions already, which then runs these too. Each action is
     * run, even if one before it throws; the first fault is thrown afterwards, by the thread that ran them.
     */
    public void run(Runnable action) {
        add(List.of(action), Runnable::run);
        resume();
    }

    /**
     * Only adds actions, after all that were added before: {@link #resume} is to follow. So a caller may hold its own lock, which
     * decides their order. A lack of memory adds none of them.
     *
     * @param doing does what is to be done
     */
    synchronized <A> void add(List<A> actions, Consumer<A> doing) {
        var work = new Work<>(actions, doing);
        if (last == null) {
            first = work;
        } else {
            last.following = work;
        }
        last = work;
    }

    /** Runs what was added and has not run, unless a thread runs actions already; throws as {@link #run} does. */
    void resume() {
        Throwable thrown = null;
        var work = begin();
        try {
            while (work != null) {
                thrown = work.run(thrown);
                work = next(work);
            }
        } finally {
            if (work != null) {
                stop();
            }
        }
        Faults.rethrow(thrown);
    }

    /** Whether actions were added that another thread than this one runs, or has to run: they may not be done yet. */
    synchronized boolean runsElsewhere() {
        return first != null && runner != Thread.currentThread();
    }

    /** The first work for this thread; null if there is none, or if a thread runs actions already, which does this too. */
    private synchronized @Nullable Work<?> begin() {
        if (runner != null || first == null) {
            return null;
        }
        runner = Thread.currentThread();
        return first;
    }

    private synchronized @Nullable Work<?> next(Work<?> done) {
        first = done.following;
        if (first == null) {
            last = null;
            runner = null;
        }
        return first;
    }

    private synchronized void stop() {
        runner = null;
    }
}
