package dev.warder.container;

import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that read chunked request bodies from Tomcat. When Tomcat (checked with 10.1.61 only) parses the last chunk, it
 * dispatches a read event on the thread that reads (ChunkedInputFilter.parseTrailerFields). A thread of Tomcat inside a
 * callback has taken the connection's processor and holds the connection's lock, which it can enter again. So the event finds
 * no processor, and a new processor parses the next bytes on the socket as the head of a request, even in the middle of the
 * next request's body. Any other thread waits for the lock until the processor is back, and then handles the event correctly.
 *
 * <p>Thread-safe. Reading does not wait for clients, so few threads are enough. They are created for the first bodies and then
 * stay.
 */
public final class ChunkedReads implements AutoCloseable {
    private static final int LEAST_THREADS = 4;

    private static final Logger LOG = LoggerFactory.getLogger(ChunkedReads.class);

    private final boolean needed;
    private final ThreadFactory factory;
    private final ThreadPoolExecutor threads;

    /**
     * No thread is created unless the container {@linkplain Container#reentersAtLastChunk needs} them.
     *
     * @param factory makes threads that may be waited for when the application ends
     */
    public ChunkedReads(Container container, ThreadFactory factory) {
        needed = container.reentersAtLastChunk();
        this.factory = factory;
        int count = Math.max(LEAST_THREADS, 2 * Runtime.getRuntime().availableProcessors());
        threads = Pools.limited(count, new LinkedBlockingQueue<>(), factory);
        threads.allowCoreThreadTimeOut(false);
    }

    /** These threads, or the calling thread where that may read. */
    public Executor threads() {
        return needed ? this::execute : Runnable::run;
    }

    /**
     * Runs {@code task} on one of the threads, or after {@link #close} on a new one. If no thread can be created, the calling
     * thread runs it: without the task its request would never end. An exception of {@code task} is logged and ends no thread.
     */
    void execute(Runnable task) {
        // Runs once, even if the pool queues it before it fails to create a thread.
        var once = new FutureTask<>(() -> runLogged(task), null);
        try {
            threads.execute(once);
        } catch (RejectedExecutionException closed) {
            runOnNewThread(once);
        } catch (OutOfMemoryError noFurtherThread) {
            if (threads.getPoolSize() == 0 || !threads.getQueue().offer(once)) {
                once.run();
            }
        }
    }

    private void runOnNewThread(Runnable task) {
        try {
            factory.newThread(task).start();
        } catch (OutOfMemoryError noThread) {
            task.run();
        }
    }

    /** Ends the threads after the submitted work. */
    @Override
    public void close() {
        threads.shutdown();
    }

    static void runLogged(Runnable task) {
        try {
            task.run();
        } catch (Throwable fault) {
            LOG.error("A request body could not be read", fault);
        }
    }
}
