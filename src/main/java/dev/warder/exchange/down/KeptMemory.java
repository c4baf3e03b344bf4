package dev.warder.exchange.down;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.body.MemoryBudget;
import dev.warder.body.MemoryBudget.MemoryShare;
import dev.warder.exchange.down.ResponseSink.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Charges what a stage keeps of one response to the memory for collected bodies. The first 64 KiB count as bytes in
 * transit; more is charged in steps, and while there is none the upstream waits. Thread-safe.
 */
final class KeptMemory {
    private static final int UNCHARGED = 64 * 1024;
    private static final long LARGEST_STEP = 4 << 20;

    private static final int COPIES = 3;

    private final MemoryBudget.Claim claim;

    @GuardedBy("this")
    private long expected;

    @GuardedBy("this")
    private @Nullable Flow flow;

    @GuardedBy("this")
    private long kept;

    /** Bytes that may be kept before more memory has to be granted. */
    @GuardedBy("this")
    private long covered = UNCHARGED;

    @GuardedBy("this")
    private boolean waits;

    @GuardedBy("this")
    private boolean closed;

    @GuardedBy("this")
    private int owed;

    KeptMemory(MemoryBudget memory) {
        // Its client is not charged: two of its responses would wait for each other until the upstream is given up.
        this.claim = memory.claim(MemoryShare.UNLIMITED, -1);
    }

    /**
     * Begins with a response.
     *
     * @param most the most bytes that can come to be kept; for their sake, not more is charged
     * @param upstream waits while there is no memory
     */
    synchronized void begin(long most, Flow upstream) {
        expected = most;
        flow = upstream;
    }

    /** The bytes that are kept and not charged. */
    synchronized long uncharged() {
        return covered > UNCHARGED ? 0 : kept;
    }

    /** Whether memory is charged for this many bytes. */
    synchronized boolean covers(long bytes) {
        return bytes <= covered && owed == 0;
    }

    /**
     * Keeps this many bytes from now on.
     *
     * @param read bytes of the upstream that were read for it, which count as taken once memory is charged
     */
    void keep(long bytes, int read) {
        synchronized (this) {
            kept = bytes;
            owed += read;
        }
        goOn();
    }

    /** Nothing more comes, and this many bytes are kept: what is charged for more is released. */
    void keepOnly(long bytes) {
        claim.keep(COPIES * bytes);
    }

    void close() {
        synchronized (this) {
            closed = true;
        }
        claim.release();
    }

    private void goOn() {
        for (long next = next(); next > 0; next = next()) {
            long step = next;
            if (!claim.grow(COPIES * next, () -> granted(step))) {
                return;
            }
            cover(next);
        }
        int due = 0;
        Flow upstream;
        synchronized (this) {
            upstream = flow;
            if (!waits) {
                due = owed;
                owed = 0;
            }
        }
        if (due > 0 && upstream != null) {
            upstream.taken(due);
        }
    }

    /** How many bytes memory is to be asked for; 0 for none, or when it was asked for already. */
    private synchronized long next() {
        if (closed || waits || kept <= covered) {
            return 0;
        }
        waits = true;
        long step = Math.max(UNCHARGED, Math.min(kept, LARGEST_STEP));
        return Math.max(kept, Math.min(expected, kept + step));
    }

    private void granted(long bytes) {
        cover(bytes);
        goOn();
    }

    private synchronized void cover(long bytes) {
        covered = bytes;
        waits = false;
    }
}
