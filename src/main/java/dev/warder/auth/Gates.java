package dev.warder.auth;

import dev.warder.record.RequestRecord;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;

/** All gates of the application, in the order in which they are asked. Thread-safe, as they are. */
public final class Gates {
    private final List<RegisteredGate> all;
    private final LongSupplier nanoTime;

    /**
     * Throws what a gate throws when it is asked for its name, needs or longest wait.
     *
     * @param nanoTime a clock that never goes back, in nanoseconds
     */
    public Gates(List<Gate> all, LongSupplier nanoTime) {
        this.all = all.stream().map(RegisteredGate::of).toList();
        this.nanoTime = nanoTime;
    }

    public Passage passage(RequestRecord record) {
        var passage = new Passage(all, record.call().id(), nanoTime);
        record.atEnd(() -> passage.end(record.completed()));
        return passage;
    }

    /**
     * A gate and its properties, which are read once when the application starts, so that a gate that throws fails the
     * start and not each request. Immutable.
     *
     * @param maxWaitNanos nanoseconds; the longest wait for a verdict
     */
    record RegisteredGate(Gate gate, String name, Gate.Needs needs, long maxWaitNanos) {
        static RegisteredGate of(Gate gate) {
            return new RegisteredGate(
                    gate,
                    Objects.requireNonNull(gate.name()),
                    Objects.requireNonNull(gate.needs()),
                    gate.maxWait().toNanos());
        }
    }
}
