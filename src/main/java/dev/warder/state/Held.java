package dev.warder.state;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The needs of work that waits for a thread. It is released when the exchange ends, so that the work, which may wait
 * longer, neither
 * keeps it in memory nor does anything. Thread-safe.
 */
public final class Held<T> {
    @GuardedBy("this")
    private @Nullable T value;

    @GuardedBy("this")
    private boolean released;

    /** Holds a value, unless this was released before. */
    public synchronized void hold(T held) {
        if (!released) {
            value = held;
        }
    }

    /** The value; empty after {@link #release}. */
    public synchronized Optional<T> find() {
        return Optional.ofNullable(value);
    }

    /** Whether {@link #release} was called. */
    public synchronized boolean isReleased() {
        return released;
    }

    /** Releases the value, for good. */
    public synchronized void release() {
        released = true;
        value = null;
    }
}
