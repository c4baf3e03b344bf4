package dev.warder.proxy;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that may wait for clients, no more than a limit at once: what comes beyond it waits its turn. An exchange holds one
 * only while a client sends its body, and while there is something to write; a quiet stream holds none.
 *
 * <p>Thread-safe.
 */
final class OwnThreads implements ClientThreads, Executor {
    private static final Logger LOG = LoggerFactory.getLogger(OwnThreads.class);

    /** As many as a small machine bears: each has a stack. */
    private static final int PLATFORM_THREADS = 512;

    private static final long IDLE_SECONDS = 10;
    private static final long LAST_WORDS_SECONDS = 5;

    private final ExecutorService threads;
    private final int limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();

    @GuardedBy("lock")
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

    @GuardedBy("lock")
    private int busy;

    private OwnThreads(ThreadFactory factory, int limit) {
        this.threads = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
        this.limit = limit;
    }

    /** Enough for both ways of every exchange where threads are cheap, else as many as a machine bears. */
    static OwnThreads forStreams(int streams, ThreadFactory factory) {
        long both = Math.min(Integer.MAX_VALUE, 2L * streams);
        return VirtualThreads.factory("warder-client-")
                .map(virtual -> new OwnThreads(virtual, (int) both))
                .orElseGet(() -> withLimit((int) Math.min(both, PLATFORM_THREADS), factory));
    }

    static OwnThreads withLimit(int limit, ThreadFactory factory) {
        return new OwnThreads(factory, limit);
    }

    @Override
    public ClientStreams streams(ServletInputStream in, ServletOutputStream out) {
        var visits = new Visits(this);
        return new ClientStreams(new BlockingInput(in, visits), new BlockingOutput(out, visits), visits::last);
    }

    /** Runs {@code task} on a thread of ours, later if all are busy. */
    @Override
    public void execute(Runnable task) {
        lock.lock();
        try {
            if (busy == limit) {
                waiting.add(task);
                return;
            }
            busy++;
        } finally {
            lock.unlock();
        }
        threads.execute(() -> runAll(task));
    }

    @Override
    public int busy() {
        lock.lock();
        try {
            return busy;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int limit() {
        return limit;
    }

    @Override
    public void close() {
        try {
            if (!awaitIdle()) {
                LOG.warn("{} threads still wait for clients that neither read nor write", busy());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            // Without a nudge: Liberty takes an interrupted wait for the end of what it waited for.
            threads.shutdown();
        }
    }

    private void runAll(Runnable first) {
        for (var task = first; task != null; task = next()) {
            try {
                task.run();
            } catch (RuntimeException fault) {
                LOG.error("A fault ended what was done for a client", fault);
            }
        }
    }

    private @Nullable Runnable next() {
        lock.lock();
        try {
            var task = waiting.poll();
            if (task == null && --busy == 0) {
                idle.signalAll();
            }
            return task;
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitIdle() throws InterruptedException {
        long left = TimeUnit.SECONDS.toNanos(LAST_WORDS_SECONDS);
        lock.lock();
        try {
            while (busy > 0 && left > 0) {
                left = idle.awaitNanos(left);
            }
            return busy == 0;
        } finally {
            lock.unlock();
        }
    }
}
