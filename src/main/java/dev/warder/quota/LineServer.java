package dev.warder.quota;

import dev.warder.container.RepeatingThread;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that admits waiting requests. A request that ends does not do it itself, since it may end on a thread with
 * locks of its own. Thread-safe.
 */
final class LineServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LineServer.class);

    /** How late the end of a wait may be noticed. */
    private static final long PAUSE_MILLIS = 100;

    private static final long END_MILLIS = 1000;

    /** Others have the lock for three quarters of the time at least. */
    private static final int REST = 3;

    private static final long LONGEST_REST = TimeUnit.MILLISECONDS.toNanos(50);

    private final Supplier<Map<Waiter, Admission>> serve;
    private final LongSupplier nanoTime;
    private final RepeatingThread thread;

    /**
     * @param serve takes those out of the line that wait no longer
     * @param nanoTime a clock that never goes back
     */
    LineServer(Supplier<Map<Waiter, Admission>> serve, ThreadFactory threads, LongSupplier nanoTime) {
        this.serve = serve;
        this.nanoTime = nanoTime;
        this.thread = new RepeatingThread(this::serveAndRest, () -> {}, threads);
    }

    void start() {
        thread.start();
    }

    void wake() {
        thread.wake();
    }

    private long serveAndRest() throws InterruptedException {
        long began = nanoTime.getAsLong();
        serve.get().forEach(LineServer::complete);
        // With thousands that wait it takes milliseconds, and each request that ends would be a reason for it.
        TimeUnit.NANOSECONDS.sleep(Math.min(LONGEST_REST, REST * (nanoTime.getAsLong() - began)));
        return PAUSE_MILLIS;
    }

    private static void complete(Waiter waiter, Admission decision) {
        try {
            waiter.decision.complete(decision);
        } catch (RuntimeException | Error fault) {
            LOG.error("A request that waited could not be served", fault);
        }
    }

    @Override
    public void close() {
        thread.end(END_MILLIS);
    }
}
