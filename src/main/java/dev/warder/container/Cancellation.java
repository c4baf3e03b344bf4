package dev.warder.container;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The cancellation of work that is started part by part, perhaps on several threads. It may come before, during or after the
 * start of a part: the action that ends the part runs once, at the cancellation or when it is added later.
 *
 * <p>Thread-safe. Actions run without a lock, on the thread that cancels or adds.
 */
public final class Cancellation {
    /** Made before there may be no memory for it. */
    private static final Consumer<Runnable> RUN = Runnable::run;

    @GuardedBy("this")
    private List<Runnable> actions = List.of();

    @GuardedBy("this")
    private boolean cancelled;

    public synchronized boolean isCancelled() {
        return cancelled;
    }

    /** Adds the action that ends a part, and runs it at once if the work is cancelled already. */
    public void add(Runnable action) {
        if (!offer(action)) {
            action.run();
        }
    }

    /** The same, but does not run the action: returns false if the work is cancelled already. */
    public synchronized boolean offer(Runnable action) {
        if (cancelled) {
            return false;
        }
        actions = actions.isEmpty() ? List.of(action) : with(action);
        return true;
    }

    @GuardedBy("this")
    private List<Runnable> with(Runnable action) {
        var more = new ArrayList<Runnable>(actions.size() + 1);
        more.addAll(actions);
        more.add(action);
        return more;
    }

    /** Removes an action whose part has ended; false if it is not there, because it was run or will be. */
    public synchronized boolean remove(Runnable action) {
        if (!actions.contains(action)) {
            return false;
        }
        var fewer = new ArrayList<>(actions);
        fewer.remove(action);
        actions = fewer.isEmpty() ? List.of() : fewer;
        return true;
    }

    /**
     * Cancels the work: runs each action, in the order in which they were added, even if one before it throws. The first
     * fault is thrown afterwards. It allocates nothing, since an action that a lack of memory kept from running would be lost.
     *
     * @return whether this was the first call; a later one does nothing
     */
    public boolean cancel() {
        List<Runnable> due;
        synchronized (this) {
            if (cancelled) {
                return false;
            }
            cancelled = true;
            due = actions;
            actions = List.of();
        }
        Faults.runEach(due, RUN);
        return true;
    }
}
