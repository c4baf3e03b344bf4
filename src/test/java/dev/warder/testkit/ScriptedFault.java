package dev.warder.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What methods of a {@link Facades facade} throw. Thread-safe. */
final class ScriptedFault {
    private final List<Entry> entries;
    private final Consumer<String> thrown;

    private ScriptedFault(List<Entry> entries, Consumer<String> thrown) {
        this.entries = entries;
        this.thrown = thrown;
    }

    /**
     * The faults that a field's value describes, see {@link Facades#FAULT}; without a value nothing is thrown.
     *
     * @param thrown takes the name of a method just before it throws
     */
    static ScriptedFault of(@Nullable String value, Consumer<String> thrown) {
        var entries = value == null
                ? List.<Entry>of()
                : Arrays.stream(value.split(", *")).map(Entry::of).toList();
        return new ScriptedFault(entries, thrown);
    }

    /** Called before each method. */
    void before(String called) {
        for (var entry : entries) {
            if (!entry.when.equals("after")) {
                entry.meet(called, thrown);
            }
        }
    }

    /** Called after each method that returned. */
    void after(String called) {
        for (var entry : entries) {
            if (entry.when.equals("after")) {
                entry.meet(called, thrown);
            }
        }
    }

    /** Part of one fault. */
    private record Entry(String method, Class<?> type, String when, AtomicBoolean thrown) {
        static Entry of(String text) {
            var words = text.split(" ");
            try {
                return new Entry(words[0], Class.forName(words[1]), words[2], new AtomicBoolean());
            } catch (ClassNotFoundException unknown) {
                throw new IllegalArgumentException(unknown);
            }
        }

        void meet(String called, Consumer<String> report) {
            if (method.equals(called) && (!thrown.getAndSet(true) || when.equals("always"))) {
                var fault = throwable();
                report.accept(called);
                Entry.<RuntimeException>throwAny(fault);
            }
        }

        private Throwable throwable() {
            try {
                return (Throwable) type.getConstructor(String.class).newInstance("a fault of the test");
            } catch (ReflectiveOperationException impossible) {
                throw new IllegalArgumentException(impossible);
            }
        }

        @SuppressWarnings("unchecked")
        private static <T extends Throwable> void throwAny(Throwable any) throws T {
            throw (T) any;
        }
    }
}
