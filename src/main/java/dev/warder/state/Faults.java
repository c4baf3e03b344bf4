package dev.warder.state;

import org.jspecify.annotations.Nullable;

/** The first fault of several actions. Each is run, whatever happens to those before it. One thread at a time. */
public final class Faults {
    private @Nullable Throwable first;

    /** Runs an action, and keeps what it throws. */
    public void run(Runnable action) {
        try {
            action.run();
        } catch (Throwable fault) {
            first = join(first, fault);
        }
    }

    /** Throws the first fault; a {@link Runnable} throws nothing that is checked. */
    public void throwFirst() {
        rethrow(first);
    }

    /** The first of two faults, which holds the second one if there is memory for that. Throws nothing. */
    static Throwable join(@Nullable Throwable first, Throwable second) {
        if (first == null) {
            return second;
        }
        if (first != second && !(second instanceof VirtualMachineError)) {
            try {
                first.addSuppressed(second);
            } catch (Throwable noMemory) {
                // What is to be run next counts for more.
            }
        }
        return first;
    }

    /** Throws a fault that is not checked, if there is one. */
    static void rethrow(@Nullable Throwable fault) {
        if (fault instanceof Error error) {
            throw error;
        } else if (fault != null) {
            throw (RuntimeException) fault;
        }
    }
}
