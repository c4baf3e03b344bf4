package dev.warder.proxy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is to read a request body: one thread at a time, and none waits for another. A thread that comes while
 * somebody reads leaves a note, and the reader looks once more.
 *
 * <p>This is no lock, because a container asked for more takes locks of its own, Tomcat the socket's and Jetty the input's,
 * and its own threads call back under them: they would wait for ours, and we for theirs.
 *
 * <p>Thread-safe.
 */
final class ReadTurn {
    private final AtomicInteger notes = new AtomicInteger();
    private final AtomicReference<@Nullable Runnable> farewell = new AtomicReference<>();
    private volatile boolean over;

    /** Runs {@code reading} on this thread, or has whoever reads just now run its own once more. It must not throw. */
    void take(Runnable reading) {
        if (notes.getAndIncrement() > 0) {
            return;
        }
        int seen = 1;
        while (seen > 0) {
            try {
                if (!over) {
                    reading.run();
                }
            } finally {
                // Even after an error: the request would never be given back to its container.
                if (over) {
                    sayFarewell();
                }
                seen = notes.addAndGet(-seen);
            }
        }
    }

    /** Nobody reads from now on; {@code last} runs as soon as nobody does, on this thread or on that of the reader. */
    void end(Runnable last) {
        farewell.set(last);
        over = true;
        take(this::sayFarewell);
    }

    /** Whether reading has ended for good. */
    boolean over() {
        return over;
    }

    private void sayFarewell() {
        var last = farewell.getAndSet(null);
        if (last != null) {
            last.run();
        }
    }
}
