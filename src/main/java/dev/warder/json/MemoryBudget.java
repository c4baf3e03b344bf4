package dev.warder.json;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The memory of the node for collected bodies, given out in bytes: whoever finds no room waits without a thread.
 *
 * <p>First come, first served, in two queues: requests of up to 256 KiB go ahead of larger ones.
 * <ul>
 *   <li>Larger ones together leave a sixteenth of the budget to the small; only one that is alone among the large may
 *       take more. So small requests find room while large bodies fill the node.
 *   <li>A larger one at the front that would fit but for the small ones in use lets small requests of as many bytes as
 *       the budget has go ahead; then they wait behind it, so that they cannot keep it waiting for ever. Small ones never
 *       wait for a large one that other large ones keep out.
 * </ul>
 *
 * <p>There is no clock here: a caller who waited long enough releases its permit. Thread-safe.
 */
public final class MemoryBudget {
    private final Object lock = new Object();
    private final long total;

    @GuardedBy("lock")
    private final Admission admission;

    /** What each thread that releases has still to run. */
    @GuardedBy("lock")
    private final Map<Thread, Deque<Permit>> running = new HashMap<>();

    /** A budget of {@code total} bytes, 1 or more. */
    public MemoryBudget(long total) {
        if (total < 1) {
            throw new IllegalArgumentException("no memory: " + total);
        }
        this.total = total;
        this.admission = new Admission(total);
    }

    /**
     * Asks for memory. With room it is granted at once: {@code granted} runs on this thread, before this call returns.
     * Else it runs later on a thread that releases. It never runs under a lock, never twice, and does not start once the
     * permit is released (it may be under way when another thread releases); it must be quick and not throw.
     *
     * @param bytes 0 or more; more than the whole budget counts as the whole
     */
    public Permit request(long bytes, Runnable granted) {
        if (bytes < 0) {
            throw new IllegalArgumentException("no size: " + bytes);
        }
        Permit permit = new Permit(Math.min(bytes, total), granted);
        synchronized (lock) {
            admission.add(permit);
            // Nobody else's turn can come by a new request.
            if (admission.grantNext() == null) {
                return permit;
            }
        }
        try {
            granted.run();
        } catch (RuntimeException | Error failure) {
            permit.release();
            throw failure;
        }
        return permit;
    }

    /** Bytes granted and not released. */
    public long used() {
        synchronized (lock) {
            return admission.used();
        }
    }

    /** The number of requests that wait. */
    public int waiting() {
        synchronized (lock) {
            return admission.waiting();
        }
    }

    /** The whole budget in bytes. */
    public long total() {
        return total;
    }

    /** Leaves {@code permit} so many bytes, none by ending it; whoever finds room by that is granted it. */
    private void leave(Permit permit, long bytes) {
        Deque<Permit> granted = new ArrayDeque<>();
        synchronized (lock) {
            boolean less = bytes == 0 ? admission.end(permit) : admission.shrink(permit, bytes);
            if (!less) {
                return;
            }
            for (Permit next = admission.grantNext(); next != null; next = admission.grantNext()) {
                granted.add(next);
            }
            // A thread inside a grant leaves new ones to the loop it is in: no recursion through a long queue.
            Deque<Permit> outer = running.putIfAbsent(Thread.currentThread(), granted);
            if (outer != null) {
                outer.addAll(granted);
                return;
            }
        }
        run(granted);
    }

    private void run(Deque<Permit> granted) {
        Thread thread = Thread.currentThread();
        for (Permit next = poll(granted); next != null; next = poll(granted)) {
            try {
                next.granted.run();
            } catch (RuntimeException | Error failure) {
                // The others have a right to their grant, and the releasing caller has no part in this failure.
                thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
            }
        }
    }

    private @Nullable Permit poll(Deque<Permit> granted) {
        synchronized (lock) {
            for (Permit next = granted.poll(); next != null; next = granted.poll()) {
                if (admission.isGranted(next)) {
                    return next;
                }
            }
            running.remove(Thread.currentThread());
            return null;
        }
    }

    /** A claim to memory, waiting or granted. Thread-safe. */
    public final class Permit {
        /** Written under the lock. */
        private volatile long bytes;

        private final Runnable granted;

        private Permit(long bytes, Runnable granted) {
            this.bytes = bytes;
            this.granted = granted;
        }

        /** What was asked for, at most the whole budget, or what was kept of it. */
        public long bytes() {
            return bytes;
        }

        /**
         * Gives back what is more than {@code enough}, 1 byte or more, of memory that was granted; harmless when there is
         * no more, or when it was released before.
         */
        public void keep(long enough) {
            if (enough < bytes) {
                leave(this, Math.max(1, enough));
            }
        }

        /** For {@link Admission}, under the lock. */
        void shrinkTo(long less) {
            bytes = less;
        }

        /** Gives the memory back, or withdraws the request while it waits; harmless when done before. */
        public void release() {
            leave(this, 0);
        }
    }
}
