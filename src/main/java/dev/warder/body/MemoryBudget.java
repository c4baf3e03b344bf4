package dev.warder.body;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The node's memory for bodies: for collected ones, granted in steps while their bytes arrive. A body for which there is no memory waits
 * without a thread.
 *
 * <p>{@link MemoryAdmission} decides the order: the oldest body first, small bodies apart from all others. The oldest
 * body that waits may overdraw the budget, one body at a time, so that bodies which each hold a part never wait for
 * each other without end. The budget therefore grants at most its size, one large body and one small one.
 *
 * <p>What exchanges hold in transit ({@link Transit}) is charged too. It cannot wait, so the slowest exchange is broken off
 * where memory is short.
 *
 * <p>There is no clock here: a caller that has waited long enough releases its claim, and callers report when their bodies
 * move. Thread-safe.
 */
public final class MemoryBudget {
    /**
     * The client whose memory a body uses, and the most that this client may hold at once.
     *
     * @param client the name of the client
     * @param most bytes of all its bodies together; its oldest body may exceed this
     */
    public record MemoryShare(String client, long most) {
        public static final MemoryShare UNLIMITED = new MemoryShare("", Long.MAX_VALUE);
    }

    private record Grant(Claim claim, Runnable callback) {}

    private final Object lock = new Object();
    private final long total;

    @GuardedBy("lock")
    private final MemoryAdmission admission;

    @GuardedBy("lock")
    private long claims;

    /** The callbacks that each thread inside {@link #run} still has to run. */
    @GuardedBy("lock")
    private final Map<Thread, Deque<Grant>> running = new HashMap<>();

    /** Creates a budget of {@code total} bytes, 1 or more. */
    public MemoryBudget(long total) {
        if (total < 1) {
            throw new IllegalArgumentException("no memory: " + total);
        }
        this.total = total;
        this.admission = new MemoryAdmission(total);
    }

    /**
     * Creates a claim for a body that begins now. It holds nothing yet.
     *
     * @param declared the declared length in bytes, which decides the size class; negative when unknown
     */
    public Claim claim(MemoryShare share, long declared) {
        synchronized (lock) {
            return new Claim(claims++, share, declared >= 0 && declared <= MemoryAdmission.SMALL);
        }
    }

    /**
     * Creates the place of an exchange whose bytes in transit are charged. It holds nothing yet.
     *
     * @param brokenOff runs without a lock on the thread of {@link #breakOffSlowest}, once at most
     */
    public Transit transit(MemoryShare share, Runnable brokenOff) {
        synchronized (lock) {
            return new Transit(claims++, share, brokenOff);
        }
    }

    /**
     * Breaks off the slowest exchanges whose bytes in transit leave too little memory, by the rules of {@link MemoryAdmission}; to
     * be called a few times a second.
     *
     * @param now in nanoseconds, by the clock of {@link Transit#hold}
     * @return how many it were
     */
    public int breakOffSlowest(long now) {
        List<Transit> slowest;
        Deque<Grant> granted;
        synchronized (lock) {
            slowest = admission.breakOff(now);
            slowest.forEach(each -> each.ended = true);
            granted = mine(grants());
        }
        slowest.forEach(each -> each.brokenOff.run());
        run(granted);
        return slowest.size();
    }

    private void hold(Transit transit, long bytes, long moved, boolean last) {
        Deque<Grant> granted;
        synchronized (lock) {
            if (transit.ended || !last && transit.held == bytes && transit.moved == moved) {
                return;
            }
            // More bytes in transit let no body grow.
            boolean frees = bytes < transit.held;
            transit.ended = last;
            admission.hold(transit, bytes, moved);
            granted = frees ? mine(grants()) : new ArrayDeque<>();
        }
        run(granted);
    }

    /** The number of bytes granted or in transit, and not released. */
    public long used() {
        synchronized (lock) {
            return admission.used();
        }
    }

    public int waiting() {
        synchronized (lock) {
            return admission.waiting();
        }
    }

    /** The whole budget in bytes. */
    public long total() {
        return total;
    }

    private boolean grow(Claim claim, long bytes, Runnable granted) {
        if (bytes < 0) {
            throw new IllegalArgumentException("no size: " + bytes);
        }
        Deque<Grant> others;
        boolean now;
        synchronized (lock) {
            if (claim.ended) {
                return false;
            }
            if (claim.granted != null) {
                throw new IllegalStateException("the claim waits already");
            }
            long wanted = Math.min(bytes, total);
            if (wanted <= claim.held) {
                return true;
            }
            claim.granted = granted;
            admission.add(claim, wanted);
            others = grants();
            now = others.removeIf(grant -> grant.claim() == claim);
            others = mine(others);
        }
        run(others);
        return now;
    }

    private void shrink(Claim claim, long bytes) {
        Deque<Grant> granted;
        synchronized (lock) {
            if (claim.ended) {
                return;
            }
            if (bytes == 0) {
                claim.ended = true;
                claim.granted = null;
                admission.end(claim);
            } else if (bytes < claim.held) {
                admission.shrink(claim, bytes);
            }
            granted = mine(grants());
        }
        run(granted);
    }

    @GuardedBy("lock")
    private Deque<Grant> grants() {
        Deque<Grant> grants = new ArrayDeque<>(1);
        for (Claim next = admission.grantNext(); next != null; next = admission.grantNext()) {
            Runnable callback = next.granted;
            next.granted = null;
            if (callback != null) {
                grants.add(new Grant(next, callback));
            }
        }
        return grants;
    }

    /**
     * The grants that the calling thread has to run. A thread that is inside a callback leaves new grants to its own outer
     * loop, to avoid recursion through a long queue.
     */
    @GuardedBy("lock")
    private Deque<Grant> mine(Deque<Grant> grants) {
        if (grants.isEmpty()) {
            return grants;
        }
        Deque<Grant> outer = running.putIfAbsent(Thread.currentThread(), grants);
        if (outer == null) {
            return grants;
        }
        outer.addAll(grants);
        return new ArrayDeque<>();
    }

    private void run(Deque<Grant> grants) {
        if (grants.isEmpty()) {
            return;
        }
        Thread thread = Thread.currentThread();
        for (Grant next = poll(grants); next != null; next = poll(grants)) {
            try {
                next.callback().run();
            } catch (RuntimeException | Error failure) {
                // The others must still get their grant, and the releasing caller has not caused this failure.
                thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
            }
        }
    }

    private @Nullable Grant poll(Deque<Grant> grants) {
        synchronized (lock) {
            for (Grant next = grants.poll(); next != null; next = grants.poll()) {
                if (!next.claim().ended) {
                    return next;
                }
            }
            running.remove(Thread.currentThread());
            return null;
        }
    }

    /**
     * The bytes that one exchange holds between its client and the upstream, charged while the slower side leaves them there.
     * Its fields belong to the budget's lock. Thread-safe.
     */
    public final class Transit {
        final long number;
        final MemoryShare share;
        private final Runnable brokenOff;
        private boolean ended;
        long held;
        long moved;

        private Transit(long number, MemoryShare share, Runnable brokenOff) {
            this.number = number;
            this.share = share;
            this.brokenOff = brokenOff;
        }

        /**
         * Holds this many bytes from now on, whether or not there is memory. Without effect after the end.
         *
         * @param movedAt when the side that is waited for took bytes last, in nanoseconds
         */
        public void hold(long bytes, long movedAt) {
            MemoryBudget.this.hold(this, bytes, movedAt, false);
        }

        /** Releases all and ends it; repeated calls have no effect. */
        public void release() {
            MemoryBudget.this.hold(this, 0, 0, true);
        }
    }

    /** The memory that one body holds and waits for. Its fields belong to the budget's lock. Thread-safe. */
    public final class Claim {
        final long number;

        final MemoryShare share;
        final boolean declaredSmall;

        /** The number of bytes granted. */
        long held;

        /** The number of bytes that it will hold after the growth it waits for; 0 when it waits for none. */
        long wanted;

        long holder;

        /** The number of claims that had held memory when it began to wait. */
        long holdersBefore;

        private volatile boolean moved;
        private volatile long movedAt;

        private boolean ended;
        private @Nullable Runnable granted;

        private Claim(long number, MemoryShare share, boolean declaredSmall) {
            this.number = number;
            this.share = share;
            this.declaredSmall = declaredSmall;
        }

        /** The number of bytes granted and not released. */
        public long held() {
            synchronized (lock) {
                return held;
            }
        }

        /**
         * Requests growth to {@code bytes} in total, at most the whole budget. Only one growth may wait at a time.
         *
         * @param callback runs once when a growth that had to wait is granted. It runs without a lock, on a thread that
         *     releases memory, perhaps before this call returns. It must be quick and not throw, and does not start after
         *     {@link #release}
         * @return whether the claim already holds that many bytes; {@code callback} does not run then
         */
        public boolean grow(long bytes, Runnable callback) {
            return MemoryBudget.this.grow(this, bytes, callback);
        }

        /** Its body moves at this time, in nanoseconds: bytes come, or the upstream takes them. */
        public void moves(long now) {
            movedAt = now;
            moved = true;
        }

        LongStream sinceOwnMove(long now) {
            return moved ? LongStream.of(now - movedAt) : LongStream.empty();
        }

        /**
         * How long ago another body moved last that held memory before this one began to wait, in nanoseconds; only one of its client
         * counts where it {@linkplain #waitsForShare waits for the share}. Empty where none has moved.
         */
        public OptionalLong sinceMove(long now) {
            synchronized (lock) {
                return admission.sinceMove(this, now);
            }
        }

        public boolean waitsForShare() {
            synchronized (lock) {
                return admission.waitsForShare(this);
            }
        }

        /** Releases the bytes held in excess of {@code enough}; at least one byte is held until {@link #release}. */
        public void keep(long enough) {
            shrink(this, Math.max(1, enough));
        }

        /** Releases all memory and ends a wait; repeated calls have no effect. Nothing is granted afterwards. */
        public void release() {
            shrink(this, 0);
        }
    }
}
