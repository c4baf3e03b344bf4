package dev.warder.container;

import dev.warder.container.CallbackGuard.FaultHandler;
import java.util.concurrent.Executor;

/**
 * Runs what takes a while on a thread that no other request waits for: a container's thread may be one that selects for other
 * clients too, and the reactor's serves all upstream connections. Thread-safe.
 *
 * @param exchange whose work it is, which ends when that throws
 */
public record OffloadExecutor(Executor threads, FaultHandler exchange) {
    /**
     * A change of threads costs a request of some hundred bytes more than its translation. The values that fit into this many
     * bytes take half a millisecond at most, once the classes are loaded. Others have to wait for that long.
     */
    private static final int SMALL = 4 * 1024;

    /**
     * Has {@code work} done with this many bytes: with few of them on this thread, else on another. What it throws
     * is treated as {@link #run(Runnable)} does.
     */
    public void run(long bytes, Runnable work) {
        if (bytes <= SMALL) {
            CallbackGuard.run(work::run, exchange);
        } else {
            run(work);
        }
    }

    /**
     * Has {@code work} done, on this thread where there is no other. Nothing that it throws gets to the container, no error of the
     * virtual machine either: the request has ended by then, and a container could mark the response as failed that may already be
     * another client's.
     */
    public void run(Runnable work) {
        try {
            threads.execute(() -> CallbackGuard.run(work::run, exchange));
        } catch (RuntimeException noThread) {
            CallbackGuard.run(work::run, exchange);
        }
    }
}
