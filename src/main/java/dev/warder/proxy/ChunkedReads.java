package dev.warder.proxy;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads that read chunked request bodies from Tomcat. When Tomcat (10.1.61, 11.0.27) parses the last chunk, it dispatches a
 * read event on the thread that reads (ChunkedInputFilter.parseTrailerFields). A thread of its own inside a callback has taken
 * the connection's processor and holds the connection's lock, which it can enter again: the event finds no processor, and a
 * new one parses whatever comes next on the socket as the head of a request, the middle of the next request's body included.
 * Any other thread waits for the lock until the processor is back, and the event does what it should.
 *
 * <p>Thread-safe. Work does not wait for clients, so few threads are enough; the threads end when they are idle.
 */
final class ChunkedReads implements Executor {
    private static final int LEAST_THREADS = 4;
    private static final long IDLE_SECONDS = 10;

    private final ThreadPoolExecutor threads;

    /** @param factory makes threads that may be waited for when the application ends */
    ChunkedReads(ThreadFactory factory) {
        int count = Math.max(LEAST_THREADS, 2 * Runtime.getRuntime().availableProcessors());
        threads = new ThreadPoolExecutor(
                count, count, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        threads.allowCoreThreadTimeOut(true);
    }

    /** Runs {@code task} on one of the threads, on the caller's after {@link #close}. */
    @Override
    public void execute(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException closed) {
            task.run();
        }
    }

    /** Lets the threads end after the work that was given to them. */
    void close() {
        threads.shutdown();
    }
}
