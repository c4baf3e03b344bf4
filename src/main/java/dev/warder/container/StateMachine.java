package dev.warder.container;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;

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
        Step<P, A> on(E event);
    }

    /** The result of an event: the next phase, and what is to be done, one after the other and without a lock. */
    public record Step<P, A>(P next, List<A> actions) {
        @SafeVarargs
        @SuppressWarnings("varargs") // The list copies them.
        public static <P, A> Step<P, A> to(P next, A... actions) {
            return new Step<>(next, List.of(actions));
        }
    }

    /**
     * All rows of a table of constants, each worked out once: an event then allocates nothing, and the code of the table is not
     * a part of each code that has events. Immutable.
     */
    public static final class Table<P extends Enum<P>, E extends Enum<E>, A> {
        private final List<List<Step<P, A>>> rows = new ArrayList<>();

        public Table(P[] phases, E[] events, BiFunction<P, E, Step<P, A>> row) {
            for (P phase : phases) {
                var steps = new ArrayList<Step<P, A>>(events.length);
                for (E event : events) {
                    steps.add(row.apply(phase, event));
                }
                rows.add(steps);
            }
        }

        @SuppressWarnings("EnumOrdinal") // The lists have the order of the constants.
        public Step<P, A> row(P phase, E event) {
            return rows.get(phase.ordinal()).get(event.ordinal());
        }
    }

    private final Consumer<A> actions;
    private final SerialActions queue = new SerialActions();

    /** May be held while that of the queue is taken, never the other way round. */
    private final Object lock = new Object();

    @GuardedBy("lock")
    private P phase;

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
        synchronized (lock) {
            var step = phase.on(event);
            var next = step.next();
            changed = next != phase;
            if (step.actions().isEmpty()) {
                phase = next;
                // The thread of an event without actions may hold a container's locks.
                return changed;
            }
            // Before the phase is set, since a lack of memory may end this: the event can then come again.
            queue.add(step.actions(), doing);
            phase = next;
        }
        queue.resume();
        return changed;
    }

    public P phase() {
        synchronized (lock) {
            return phase;
        }
    }

    /**
     * Whether another thread than this one runs actions now, or has to: what an event causes may not be done yet. That is also so
     * after an error of the virtual machine, until {@link #resume}.
     */
    public boolean runsElsewhere() {
        return queue.runsElsewhere();
    }

    /** Runs the actions that an error of the virtual machine has left, if there are any. */
    public void resume() {
        queue.resume();
    }
}
