package dev.warder.container;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import jakarta.servlet.http.HttpServletResponse;
import java.util.concurrent.TimeUnit;

/**
 * How a container is asked to break responses off, and the number of those that it was asked to break off and has not ended
 * yet. Thread-safe.
 */
public final class BreakOffs {
    private final boolean byDispatch;
    private final boolean byClose;

    @GuardedBy("this")
    private int open;

    public BreakOffs(Container container) {
        byDispatch = !container.printsFailedDispatches();
        byClose = container.keepsConnectionsOfCutResponses();
    }

    boolean areByDispatch() {
        return byDispatch;
    }

    /**
     * Adds {@code Connection: close} to the head of a response that may be broken off, where the container would keep the
     * connection open afterwards and the client would wait for the rest of the content.
     */
    public void prepare(HttpServletResponse response) {
        if (byClose) {
            response.setHeader("Connection", "close");
        }
    }

    synchronized void begin() {
        open++;
    }

    synchronized void end() {
        open--;
        notifyAll();
    }

    /** Waits at most {@code millis} until there are none. */
    public synchronized void awaitNone(long millis) throws InterruptedException {
        long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        long end = System.nanoTime() + nanos;
        for (long left = nanos; open > 0 && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }
}
