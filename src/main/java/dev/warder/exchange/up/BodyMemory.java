package dev.warder.exchange.up;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.body.MemoryBudget;
import dev.warder.container.CallbackGuard;
import dev.warder.container.CallbackGuard.FaultHandler;
import dev.warder.exchange.up.Upload.BodyStorage;
import java.time.Duration;

/**
 * The charge of one collected body to the memory for bodies: in steps while its bytes arrive, then for what is made of it.
 * It counts the time that the body waits for memory. Thread-safe.
 */
final class BodyMemory {
    private static final long STEP = 64 * 1024;

    /** Bytes that the first read may bring: the buffers of the containers have that size. */
    private static final long LEAST_AHEAD = 8 * 1024;

    private static final long LARGEST_STEP = 4 << 20;

    /** A body moves while as many bytes of it as these come or go within the window. */
    private static final long LEAST_MOVED = 10 * 1024;

    private static final long WINDOW = Duration.ofSeconds(10).toNanos();

    /** The longest wait in all: the clients' own ten minutes, and one more. */
    private static final long LONGEST_WAIT = Duration.ofMinutes(11).toNanos();

    private final BodyStorage bodies;
    private final MemoryBudget.Claim claim;
    private final long bound;
    private final int arriving;
    private final FaultHandler exchange;

    /** Bytes of the body that may be read before more has to be granted. */
    private volatile long covered;

    @GuardedBy("this")
    private boolean hasWaited;

    @GuardedBy("this")
    private boolean waits;

    @GuardedBy("this")
    private long waitingSince;

    @GuardedBy("this")
    private long waitedBefore;

    @GuardedBy("this")
    private long windowSince;

    @GuardedBy("this")
    private long movedInWindow;

    /**
     * @param claim holds nothing yet
     * @param bound the most bytes that the body may have
     * @param arriving what is charged for each byte that arrives
     * @param exchange ends when a callback throws, whose thread is that of another exchange
     */
    BodyMemory(BodyStorage bodies, MemoryBudget.Claim claim, long bound, int arriving, FaultHandler exchange) {
        this.bodies = bodies;
        this.claim = claim;
        this.bound = bound;
        this.arriving = arriving;
        this.exchange = exchange;
        this.windowSince = now();
    }

    /**
     * Whether there is memory for the next read of a body after {@code received} bytes. If not, it is requested, and {@code
     * granted} runs when it is granted.
     */
    boolean covers(long received, Runnable granted) {
        long ahead = Math.max(LEAST_AHEAD, Math.min(received, STEP));
        if (covered >= bound || received + ahead <= covered) {
            return true;
        }
        if (waits()) {
            return false;
        }
        long step = Math.max(STEP, Math.min(received, LARGEST_STEP));
        long next = Math.min(bound, Math.max(received, covered) + step);
        boolean now = charge(arriving * next, () -> {
            covered = next;
            granted.run();
        });
        if (now) {
            covered = next;
        }
        return now;
    }

    /**
     * Charges {@code bytes} in all, the whole budget at most.
     *
     * @param granted runs later if they are not there yet
     * @return whether they are; {@code granted} does not run then
     */
    boolean charge(long bytes, Runnable granted) {
        long before = claim.held();
        synchronized (this) {
            waits = true;
            waitingSince = now();
        }
        Runnable later = () -> {
            granted(bytes - before, true);
            granted.run();
        };
        boolean now = claim.grow(bytes, () -> CallbackGuard.run(later::run, exchange));
        if (now) {
            granted(bytes - before, false);
        }
        return now;
    }

    /** Gives back what is more than {@code bytes}. */
    void keep(long bytes) {
        claim.keep(bytes);
    }

    void release() {
        claim.release();
    }

    synchronized boolean waits() {
        return waits;
    }

    synchronized boolean hasWaited() {
        return hasWaited;
    }

    boolean waitsForShare() {
        return claim.waitsForShare();
    }

    /** Bytes of the body have come, or the upstream took them. */
    void moved(long bytes) {
        long now = now();
        synchronized (this) {
            if (now - windowSince > WINDOW) {
                windowSince = now;
                movedInWindow = 0;
            }
            movedInWindow += bytes;
            if (movedInWindow < LEAST_MOVED) {
                return;
            }
            windowSince = now;
            movedInWindow = 0;
        }
        claim.moves(now);
    }

    /** Whether the body has waited too long: {@code longest} without any body before it moving, or eleven minutes in all. */
    boolean isOverdue(long now, Duration longest) {
        long most = longest.toNanos();
        long since;
        long inAll;
        synchronized (this) {
            if (!waits) {
                return false;
            }
            since = now - waitingSince;
            inAll = waitedBefore + since;
        }
        return inAll > Math.max(most, LONGEST_WAIT)
                || since > most && claim.sinceMove(now).orElse(since) > most;
    }

    private long now() {
        return bodies.nanoTime().getAsLong();
    }

    private void granted(long more, boolean late) {
        synchronized (this) {
            hasWaited |= late;
            waits = false;
            waitedBefore += now() - waitingSince;
        }
        // Idle arrays of the pool will hold the new bytes. In addition to all charged bytes they would exceed the
        // budget.
        bodies.segments().leaveRoomFor(Math.max(0, bodies.memory().used() - Math.max(0, more)));
    }
}
