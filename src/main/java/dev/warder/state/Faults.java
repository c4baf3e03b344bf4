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
            if (first == null) {
                first = fault;
            } else if (first != fault && !(fault instanceof VirtualMachineError)) {
                first.addSuppressed(fault);
            }
        }
    }

    /** Throws the first fault; a {@link Runnable} throws nothing that is checked. */
    public void throwFirst() {
        if (first instanceof Error error) {
            throw error;
        } else if (first != null) {
            throw (RuntimeException) first;
        }
    }
}
