package dev.warder.container;

import jakarta.servlet.AsyncContext;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;

/**
 * Threads for tasks of asynchronous requests. Tasks may take long and never wait. They are the container's threads, by {@link
 * AsyncContext#start}, or threads of this application where the container's do harm.
 *
 * <p>After such a task Tomcat (checked with 10.1.61 only) executes the dispatches that are noted in the connection's processor
 * (AsyncContextImpl.RunnableWrapper, AbstractProcessor.executeDispatches). If the task has ended its request, the processor may
 * serve another connection by then. A thread that is delayed there removes the first callbacks of that other request, which
 * then waits until a timeout of this application ends it.
 *
 * <p>Thread-safe.
 */
public final class TaskThreads implements AutoCloseable {
    /** Many: a short task should not wait until large bodies are decoded. */
    private static final int MOST_THREADS = 64;

    private final boolean own;
    private final ExecutorService threads;
    private final ConcurrencyLimit limited;

    /**
     * No thread is created unless the container {@linkplain Container#dispatchesAfterTasks needs} them.
     *
     * @param factory makes threads that may be waited for when the application ends
     */
    public TaskThreads(Container container, ThreadFactory factory) {
        own = container.dispatchesAfterTasks();
        threads = Pools.unlimited(factory);
        limited = new ConcurrencyLimit(threads, MOST_THREADS, () -> {});
    }

    /** The threads for the tasks of this request. A {@link RuntimeException} of them means that there is none for a task. */
    public Executor of(AsyncContext async) {
        return own ? limited : async::start;
    }

    /** Ends the threads after the submitted work. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
