package dev.warder.container;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The needs of work that waits for a thread. It is released when the exchange ends, so that the work, which may wait
 * longer, neither keeps it in memory nor does anything. Thread-safe.
 */
public final class Held<T> {
    @GuardedBy("this")
    private @Nullable T value;

    @GuardedBy("this")
    private boolean released;

    public synchronized void hold(T held) {
        if (!released) {
            value = held;
        }
    }

    public synchronized Optional<T> find() {
        return Optional.ofNullable(value);
    }

    public synchronized boolean isReleased() {
        return released;
    }

    public synchronized void release() {
        released = true;
        value = null;
    }
}
