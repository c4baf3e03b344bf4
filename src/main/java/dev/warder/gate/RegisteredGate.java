package dev.warder.gate;

import java.util.Objects;

/**
 * A gate and its properties, which are read once when the application starts, so that a gate that throws fails the start and
 * not each request. Immutable.
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
