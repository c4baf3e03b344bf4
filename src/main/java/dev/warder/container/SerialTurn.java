package dev.warder.container;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Serializes work without a lock, such as reading a request body: one thread at a time does it, and none waits for
 * another. A thread that asks for it meanwhile leaves a note, and the work is done again.
 *
 * <p>This is no lock, because a container takes its own locks when it is asked for more: Tomcat the socket's and Jetty
 * the input's. Its threads call back while they hold them: they would wait for our lock, and we for theirs.
 *
 * <p>Thread-safe.
 */
public final class SerialTurn {
    private final Executor threads;
    private final AtomicInteger notes;
    private final AtomicReference<@Nullable Runnable> farewell = new AtomicReference<>();
    private volatile boolean over;

    /** @param threads runs the work */
    public SerialTurn(Executor threads) {
        this(threads, 0);
    }

    private SerialTurn(Executor threads, int notes) {
        this.threads = threads;
        this.notes = new AtomicInteger(notes);
    }

    /**
     * A turn that the calling thread holds until it calls {@link #open}: while it is inside {@code service} and sets the
     * listeners, no thread reads the body and none returns the request to its container.
     */
    public static SerialTurn taken(Executor threads) {
        return new SerialTurn(threads, 1);
    }

    /** Ends the turn of the calling thread. {@code reading} runs if another thread asked for it during the turn. */
    public void open(Runnable reading) {
        int left = notes.decrementAndGet();
        if (left == 0) {
            return;
        }
        if (over) {
            workOff(left, this::sayFarewell);
        } else {
            workOffElsewhere(left, reading);
        }
    }

    /**
     * Runs {@code reading}, unless another thread is reading, which then loops again. What {@code reading} throws is
     * thrown after all notes were worked off: a note that stayed would keep the end from ever running, and the request
     * from being given back to its container.
     *
     * @throws RejectedExecutionException when no thread can be had; this method may be called again
     */
    public void take(Runnable reading) {
        if (notes.getAndIncrement() == 0) {
            workOffElsewhere(1, reading);
        }
    }

    private void workOffElsewhere(int first, Runnable reading) {
        // The threads may include this one, and then what the work throws comes out of them too.
        var begun = new AtomicBoolean();
        try {
            threads.execute(() -> {
                begun.set(true);
                workOff(first, reading);
            });
        } catch (RejectedExecutionException none) {
            if (!begun.get()) {
                workOff(first, () -> {});
            }
            throw none;
        }
    }

    private void workOff(int first, Runnable reading) {
        Throwable thrown = null;
        int seen = first;
        while (seen > 0) {
            try {
                readOrEnd(reading);
            } catch (Throwable fault) {
                thrown = fault;
            }
            seen = notes.addAndGet(-seen);
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
                sayFarewell();
            }
        }
    }

    /** No thread reads from now on; {@code last} runs as soon as none does, on this thread or on that of the reader. */
    public void end(Runnable last) {
        farewell.set(last);
        over = true;
        if (notes.getAndIncrement() == 0) {
            workOff(1, this::sayFarewell);
        }
    }

    /** Whether reading has ended for good. */
    public boolean over() {
        return over;
    }

    private void sayFarewell() {
        var last = farewell.getAndSet(null);
        if (last != null) {
            last.run();
        }
    }
}
