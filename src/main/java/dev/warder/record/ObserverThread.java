package dev.warder.record;

import dev.warder.container.RepeatingThread;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread on which observers receive requests whose exchange has ended. An exchange mostly ends on the one thread that
 * reads from the upstream: a log that writes to a slow disk would hold all streams up. It runs many tasks one after the
 * other and then pauses for some milliseconds. A thread that wakes for each request would take the processor from the one
 * that reads.
 *
 * <p>Thread-safe. Each task runs once. On the thread they run in the order in which they came.
 */
public final class ObserverThread implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ObserverThread.class);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long END_MILLIS = 4000;

    /** Each holds some kibibytes. When this number waits, callers run their tasks themselves. */
    static final int MOST_TASKS = 2000;

    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>(MOST_TASKS);
    private final RepeatingThread thread;
    private volatile boolean closing;

    /** @param threads makes the thread, which ends with {@link #close} */
    public ObserverThread(ThreadFactory threads) {
        thread = new RepeatingThread(this::workAndRest, this::endWork, threads);
    }

    /** Starts the thread; tasks that came before are kept. */
    public void start() {
        thread.start();
    }

    /** Runs the task soon on the thread; at once on the calling one when it is closed or too many tasks wait. */
    @Override
    public void execute(Runnable task) {
        boolean queued = !closing && tasks.offer(task);
        // It may have been closed in between, and nothing may look into the queue again.
        if (!queued || closing && tasks.remove(task)) {
            run(task);
        } else {
            thread.wake();
        }
    }

    private long workAndRest() {
        runWaiting();
        LockSupport.parkNanos(PAUSE_NANOS);
        // Until it is woken.
        return Long.MAX_VALUE;
    }

    /** From now on, a request is handled on the thread that brings it. */
    private void endWork() {
        closing = true;
        runWaiting();
    }

    private void runWaiting() {
        for (var task = tasks.poll(); task != null; task = tasks.poll()) {
            run(task);
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error fault) {
            LOG.error("A fault ended what observes a request", fault);
        }
    }

    /**
     * Ends the thread after all tasks that wait. It gets 4 s: an observer that hangs must not stop the shutdown. What waits then
     * runs only if it goes on.
     */
    @Override
    public void close() {
        closing = true;
        // It is not interrupted: that would close files to which an observer writes.
        if (thread.end(END_MILLIS)) {
            runWaiting();
        } else {
            LOG.warn("The log or another observer of requests hangs; {} requests wait for it", tasks.size());
        }
    }
}
