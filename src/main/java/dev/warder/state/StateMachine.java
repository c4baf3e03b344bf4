package dev.warder.state;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A phase that events change under a lock. The actions of the events run without the lock, one at a time and in the order of
 * the events: on the thread of the event, or on the thread that runs actions already. So an event never waits for an action,
 * and an action is never overtaken by that of a later event.
 *
 * <p>Thread-safe.
 *
 * @param <P> the phases, a pure table
 * @param <E> what happens
 * @param <A> what is to be done
 */
public final class StateMachine<P extends StateMachine.Phase<P, E, A>, E, A> {
    /** One row of the table. */
    public interface Phase<P, E, A> {
        /** The step for an event; an event that does not belong to this phase changes nothing. */
        Step<P, A> on(E event);
    }

    /** The result of an event: the next phase, and what is to be done, one after the other and without a lock. */
    public record Step<P, A>(P next, List<A> actions) {}

    /** What is to be done about one event. Only the thread that runs actions reads and moves the position. */
    private static final class Work<A> {
        private final List<A> actions;
        private final Consumer<A> doing;
        private int position;

        /** What is to be done afterwards; guarded by the lock of the machine. */
        private @Nullable Work<A> following;

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

    private final Consumer<A> actions;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private P phase;

    /** What is being done, and what is to be done after it; null while nothing is. */
    @GuardedBy("lock")
    private @Nullable Work<A> first;

    @GuardedBy("lock")
    private @Nullable Work<A> last;

    /** Runs actions now. */
    @GuardedBy("lock")
    private @Nullable Thread runner;

    /** @param actions does what is to be done */
    public StateMachine(P first, Consumer<A> actions) {
        this.phase = first;
        this.actions = actions;
    }

    /**
     * An event. Each of its actions is done, even if one before it throws; the first fault is thrown afterwards, by the
     * thread that ran them.
     *
     * @return whether the event changed the phase
     */
    public boolean on(E event) {
        return on(event, actions);
    }

    /**
     * An event that brings something.
     *
     * @param doing does what is to be done about this event, with what it brings
     * @return whether the event changed the phase
     */
    public boolean on(E event, Consumer<A> doing) {
        boolean changed;
        Work<A> begun;
        synchronized (lock) {
            var step = phase.on(event);
            changed = step.next() != phase;
            if (step.actions().isEmpty()) {
                phase = step.next();
                // The thread of an event without actions may hold a container's locks.
                return changed;
            }
            // Before the phase is set, since a lack of memory may end this: the event can then come again.
            add(new Work<>(step.actions(), doing));
            phase = step.next();
            begun = begin();
        }
        run(begun);
        return changed;
    }

    @GuardedBy("lock")
    private void add(Work<A> work) {
        if (last == null) {
            first = work;
        } else {
            last.following = work;
        }
        last = work;
    }

    /** What this thread is to do; null if there is nothing, or if a thread runs actions already, which does this too. */
    @GuardedBy("lock")
    private @Nullable Work<A> begin() {
        if (runner != null || first == null) {
            return null;
        }
        runner = Thread.currentThread();
        return first;
    }

    private void run(@Nullable Work<A> begun) {
        Throwable thrown = null;
        var work = begun;
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

    private @Nullable Work<A> next(Work<A> done) {
        synchronized (lock) {
            first = done.following;
            if (first == null) {
                last = null;
                runner = null;
            }
            return first;
        }
    }

    private void stop() {
        synchronized (lock) {
            runner = null;
        }
    }

    /** The phase; its last actions may still run. */
    public P phase() {
        synchronized (lock) {
            return phase;
        }
    }

    /** Whether another thread than this one runs actions now: what an event causes may not be done yet. */
    public boolean runsElsewhere() {
        synchronized (lock) {
            return runner != null && runner != Thread.currentThread();
        }
    }

    /** Runs the actions that an error of the virtual machine has left, if there are any. */
    public void resume() {
        Work<A> left;
        synchronized (lock) {
            left = begin();
        }
        run(left);
    }
}
