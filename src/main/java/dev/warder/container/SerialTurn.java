package dev.warder.container;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Serializes work without a lock, for example reading a request body. One thread at a time does the work, and no thread waits
 * for another. If a thread requests the work during that time, the working thread repeats it. So {@code SerialActions} queues
 * what each thread brings, whereas a turn repeats its own work, once for all requests that came meanwhile.
 *
 * <p>A lock would lead to deadlocks: a container takes its own locks when it is asked for more bytes (Tomcat the socket's,
 * Jetty the input's), and calls back while it holds them. Its thread would wait for our lock, and ours for its lock.
 *
 * <p>Thread-safe.
 */
public final class SerialTurn {
    private final Executor threads;
    private final AtomicInteger pending;
    private final AtomicReference<@Nullable Runnable> lastTask = new AtomicReference<>();
    private volatile boolean over;

    /** @param threads runs the work */
    public SerialTurn(Executor threads) {
        this(threads, 0);
    }

    private SerialTurn(Executor threads, int pending) {
        this.threads = threads;
        this.pending = new AtomicInteger(pending);
    }

    /**
     * A turn that the calling thread holds until it calls {@link #open}. While that thread is inside {@code service} and sets
     * the listeners, no other thread reads the body, and none returns the request to its container.
     */
    public static SerialTurn taken(Executor threads) {
        return new SerialTurn(threads, 1);
    }

    /** Ends the turn of the calling thread. {@code reading} runs if another thread requested it during the turn. */
    public void open(Runnable reading) {
        int left = pending.decrementAndGet();
        if (left == 0) {
            return;
        }
        if (over) {
            runPending(left, this::runLast);
        } else {
            submit(left, reading);
        }
    }

    /**
     * Runs {@code reading}, unless another thread is reading; that thread then repeats its own work. An exception of {@code
     * reading} is thrown only after all requested repetitions. Otherwise the task of {@link #end} would never run, and the HTTP
     * request would never return to its container.
     *
     * @throws RejectedExecutionException when no thread is available; this method may be called again
     */
    public void take(Runnable reading) {
        if (pending.getAndIncrement() == 0) {
            submit(1, reading);
        }
    }

    private void submit(int first, Runnable reading) {
        // The executor may run the task on this thread; then an exception of the task passes through it.
        var begun = new AtomicBoolean();
        try {
            threads.execute(() -> {
                begun.set(true);
                runPending(first, reading);
            });
        } catch (RejectedExecutionException none) {
            if (!begun.get()) {
                runPending(first, () -> {});
            }
            throw none;
        }
    }

    private void runPending(int first, Runnable reading) {
        Throwable thrown = null;
        int seen = first;
        while (seen > 0) {
            try {
                readOrEnd(reading);
            } catch (Throwable fault) {
                thrown = fault;
            }
            seen = pending.addAndGet(-seen);
        }
        if (thrown instanceof Error error) {
            throw error;
        } else if (thrown != null) {
            throw (RuntimeException) thrown;
        }
    }

    private void readOrEnd(Runnable reading) {
        try {
            if (!over) {
                reading.run();
            }
        } finally {
            if (over) {
                runLast();
            }
        }
    }

    /** Ends reading; {@code last} runs as soon as no thread reads, on this thread or on the thread that was reading. */
    public void end(Runnable last) {
        lastTask.set(last);
        over = true;
        if (pending.getAndIncrement() == 0) {
            runPending(1, this::runLast);
        }
    }

    /** Whether reading has ended. */
    public boolean over() {
        return over;
    }

    private void runLast() {
        var last = lastTask.getAndSet(null);
        if (last != null) {
            last.run();
        }
    }
}
