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
    /**
     * The threads that do the work.
     *
     * @param first does it when it is requested
     * @param next repeats it when it was requested meanwhile; the thread that did it where this is {@link #SAME}
     */
    public record Threads(Executor first, Executor next) {
        /** Does the work on the calling thread. */
        public static final Executor SAME = Runnable::run;

        /** One executor does the work, and its thread repeats it. */
        public static Threads of(Executor first) {
            return new Threads(first, SAME);
        }
    }

    private final Threads threads;
    private final AtomicInteger pending;
    private final AtomicReference<@Nullable Runnable> lastTask = new AtomicReference<>();
    private volatile boolean over;

    /** Has the turn; null while no thread has it, and for a moment between two repetitions. */
    private volatile @Nullable Thread holder;

    /** @param threads runs the work */
    public SerialTurn(Executor threads) {
        this(Threads.of(threads));
    }

    /** @param threads run the work */
    public SerialTurn(Threads threads) {
        this(threads, 0);
    }

    private SerialTurn(Threads threads, int pending) {
        this.threads = threads;
        this.pending = new AtomicInteger(pending);
    }

    /**
     * A turn that the calling thread holds until it calls {@link #open}. While that thread is inside {@code service} and sets
     * the listeners, no other thread reads the body, and none returns the request to its container.
     */
    public static SerialTurn taken(Threads threads) {
        var turn = new SerialTurn(threads, 1);
        turn.holder = Thread.currentThread();
        return turn;
    }

    /** Ends the turn of the calling thread. {@code reading} runs if another thread requested it during the turn. */
    public void open(Runnable reading) {
        holder = null;
        int left = pending.decrementAndGet();
        if (left == 0) {
            return;
        }
        if (over) {
            runPending(left, this::runLast);
        } else {
            submit(threads.first(), left, reading);
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
            submit(threads.first(), 1, reading);
        }
    }

    private void submit(Executor threads, int first, Runnable reading) {
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
            holder = Thread.currentThread();
            try {
                readOrEnd(reading);
            } catch (Throwable fault) {
                thrown = fault;
            }
            holder = null;
            seen = pending.addAndGet(-seen);
            if (seen > 0 && !over && threads.next() != Threads.SAME) {
                submit(threads.next(), seen, reading);
                break;
            }
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

    public boolean over() {
        return over;
    }

    /** True if another thread than the calling one has the turn. */
    public boolean isHeldElsewhere() {
        var held = holder;
        return held != null && held != Thread.currentThread();
    }

    /** True if other threads than those that request the work may do it. */
    public boolean leavesItsThread() {
        return threads.first() != Threads.SAME || threads.next() != Threads.SAME;
    }

    private void runLast() {
        var last = lastTask.getAndSet(null);
        if (last != null) {
            last.run();
        }
    }
}
