package dev.warder.proxy;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs what takes a while on a thread that no other request waits for: a container's thread may be one that selects for other
 * clients too, and the reactor's serves all upstream connections. Thread-safe.
 */
final class Aside {
    private final Executor threads;
    private final FaultHandler exchange;

    /** @param exchange whose work it is, which ends when that throws */
    Aside(Executor threads, FaultHandler exchange) {
        this.threads = threads;
        this.exchange = exchange;
    }

    /**
     * Has {@code work} done, on this thread where there is no other. Nothing is thrown to the container, no error of the
     * virtual machine either: the request has ended by then, and Tomcat (AsyncContextImpl.RunnableWrapper) would mark the
     * response as failed that may already be another client's.
     */
    void run(Runnable work) {
        try {
            threads.execute(() -> CallbackGuard.run(work::run, exchange));
        } catch (IllegalStateException | RejectedExecutionException noThread) {
            CallbackGuard.run(work::run, exchange);
        }
    }
}
