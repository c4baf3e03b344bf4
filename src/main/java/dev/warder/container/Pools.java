package dev.warder.container;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Pools of threads. A pool has no thread before its first task, and some seconds after its last one. */
public final class Pools {
    private static final long IDLE_SECONDS = 5;
    private static final long LONG_IDLE_SECONDS = 10;

    private Pools() {}

    /** A pool of one thread, which does one task after the other. */
    public static ThreadPoolExecutor single(ThreadFactory threads) {
        return limited(1, new LinkedBlockingQueue<>(), threads);
    }

    /** @param waiting takes the tasks for which no thread is free */
    public static ThreadPoolExecutor limited(int most, BlockingQueue<Runnable> waiting, ThreadFactory threads) {
        var pool = new ThreadPoolExecutor(most, most, IDLE_SECONDS, TimeUnit.SECONDS, waiting, threads);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Waits for the end of a thread, but no longer than this, nor after an interruption of the caller. */
    public static void awaitEnd(Thread thread, long millis) {
        try {
            thread.join(millis);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** A pool with a thread for each task. */
    static ThreadPoolExecutor unlimited(ThreadFactory threads) {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, LONG_IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), threads);
    }
}
