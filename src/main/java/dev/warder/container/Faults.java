package dev.warder.container;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The faults of several actions, of which each is run, whatever happens to those before it. */
public final class Faults {
    private Faults() {}

    /** Does each of {@code actions}, even if one before it throws; the first fault is thrown afterwards. Allocates nothing. */
    public static <A> void runEach(List<A> actions, Consumer<? super A> doing) {
        Throwable first = null;
        // Without an iterator, which would be allocated.
        for (int i = 0; i < actions.size(); i++) {
            try {
                doing.accept(actions.get(i));
            } catch (Throwable fault) {
                first = join(first, fault);
            }
        }
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
