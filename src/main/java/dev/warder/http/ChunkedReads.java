package dev.warder.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that read chunked request bodies from Tomcat. When Tomcat (checked with 10.1.61 only) parses the last chunk, it
 * dispatches a read event on the thread that reads (ChunkedInputFilter.parseTrailerFields). A thread of its own inside a
 * callback has taken the connection's processor and holds the connection's lock, which it can enter again: the event finds
 * no processor, and a new one parses whatever comes next on the socket as the head of a request, the middle of the next
 * request's body included. Any other thread waits for the lock until the processor is back, and the event does what it should.
 *
 * <p>Thread-safe. Work does not wait for clients, so few threads are enough; the threads end when they are idle.
 */
public final class ChunkedReads implements AutoCloseable {
    private static final int LEAST_THREADS = 4;
    private static final long IDLE_SECONDS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(ChunkedReads.class);

    private final boolean tomcat;
    private final ThreadPoolExecutor threads;

    /**
     * @param serverInfo the container's name; with any other than Tomcat no thread is created
     * @param factory makes threads that may be waited for when the application ends
     */
    public ChunkedReads(String serverInfo, ThreadFactory factory) {
        tomcat = serverInfo.contains("Tomcat");
        int count = Math.max(LEAST_THREADS, 2 * Runtime.getRuntime().availableProcessors());
        threads = new ThreadPoolExecutor(
                count, count, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        threads.allowCoreThreadTimeOut(true);
    }

    /** What reads the body of {@code request}: these threads, or the calling thread where that may read. */
    public static Executor of(HttpServletRequest request) {
        if (request.getHeader("transfer-encoding") == null) {
            return Runnable::run;
        }
        var reads = Attributes.get(request.getServletContext(), ChunkedReads.class);
        return reads.tomcat ? reads::execute : Runnable::run;
    }

    /**
     * Runs {@code task} on one of the threads, or on the caller's after {@link #close} and where no thread can be created: a
     * task that is lost would keep its request open. What {@code task} throws is logged, and ends no thread.
     */
    void execute(Runnable task) {
        // Runs once, also where the pool queues it before it fails to create a thread.
        var once = new FutureTask<>(() -> runLogged(task), null);
        try {
            threads.execute(once);
        } catch (RejectedExecutionException | OutOfMemoryError noThread) {
            once.run();
        }
    }

    /** Lets the threads end after the work that was given to them. */
    @Override
    public void close() {
        threads.shutdown();
    }

    private static void runLogged(Runnable task) {
        try {
            task.run();
        } catch (Throwable fault) {
            LOG.error("A request body could not be read", fault);
        }
    }
}
