package dev.warder.response;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.jspecify.annotations.Nullable;

/**
 * How much of a response the upstream may send: as much as the client has taken. HttpCore hands its window over only once the
 * initial one is spent, so what the client took before that is kept as credit. And it reads on at any credit, however far its
 * window is overdrawn; so the credit is handed over only once that opens the window. Thread-safe.
 */
final class ResponseWindow {
    /** Half the window that HttpCore begins with: with less than that untaken, its window is open. */
    private static final int LOW_WATER = 32 * 1024;

    @GuardedBy("this")
    private @Nullable CapacityChannel channel;

    @GuardedBy("this")
    private long untaken;

    @GuardedBy("this")
    private long credit;

    /** Bytes that were given as credit while they were held back, and that no client has taken yet. */
    @GuardedBy("this")
    private long ahead;

    /** The channel that takes the credit. */
    void opened(CapacityChannel window) throws IOException {
        open(window);
        widen();
    }

    /** Bytes have come. */
    synchronized void came(int bytes) {
        untaken += bytes;
    }

    /** The client took bytes, or they were stored elsewhere. */
    void taken(int bytes) throws IOException {
        give(afterHeldBack(bytes));
        widen();
    }

    /** Bytes are held back. */
    void heldBack(int bytes) throws IOException {
        holdBack(bytes);
        widen();
    }

    /** Hands the credit over where that opens the window; without the lock, since HttpCore is called. */
    private void widen() throws IOException {
        CapacityChannel open;
        int bytes;
        synchronized (this) {
            open = channel;
            if (open == null || untaken > LOW_WATER) {
                return;
            }
            bytes = (int) Math.min(credit, Integer.MAX_VALUE);
            credit = 0;
        }
        if (bytes > 0) {
            open.update(bytes);
        }
    }

    private synchronized void open(CapacityChannel window) {
        channel = window;
    }

    private synchronized int afterHeldBack(int bytes) {
        int before = (int) Math.min(bytes, ahead);
        ahead -= before;
        return bytes - before;
    }

    private synchronized void holdBack(int bytes) {
        ahead += bytes;
        give(bytes);
    }

    private synchronized void give(int bytes) {
        credit += bytes;
        untaken -= bytes;
    }
}
