package dev.warder.container;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import jakarta.servlet.http.HttpServletResponse;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How a container is asked to break responses off, and the number of those that it was asked to break off and has not ended
 * yet. Thread-safe.
 */
public final class BreakOffs {
    private final boolean byDispatch;
    private final boolean byClose;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();

    @GuardedBy("lock")
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

    void begin() {
        add(1);
    }

    void end() {
        add(-1);
    }

    /** Waits at most {@code millis} until there are none. */
    public void awaitNone(long millis) throws InterruptedException {
        lock.lock();
        try {
            long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
            while (open > 0 && nanos > 0) {
                nanos = ended.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private void add(int number) {
        lock.lock();
        try {
            open += number;
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
