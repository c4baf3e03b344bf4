package dev.warder.auth;

import dev.warder.http.ErrorReply;
import dev.warder.record.RequestRecord;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    /**
     * The edge to the code of gates and meters: whatever they throw is logged once and ends in a refusal with 503, except where
     * there is nothing to refuse. The log has the type of the fault and its place, but not its message, which may hold what the
     * client sent.
     */
    static final class GateFaults {
        static final int RETRY_SECONDS = 5;

        private static final Logger LOG = LoggerFactory.getLogger(Gates.class);

        private GateFaults() {}

        /** The result of {@code code}, or {@code instead} after a fault or without a result. */
        static <T> T call(String name, String requestId, Supplier<T> code, Supplier<T> instead) {
            try {
                return Objects.requireNonNull(code.get());
            } catch (Throwable fault) {
                log(name, requestId, fault);
                return instead.get();
            }
        }

        /** Runs a release or a withdrawal. Never throws. */
        static void run(String requestId, Runnable last) {
            try {
                last.run();
            } catch (Throwable fault) {
                log("release", requestId, fault);
            }
        }

        static ErrorReply undecided() {
            return ErrorReply.overloaded("The gateway cannot decide about this request at the moment.", RETRY_SECONDS);
        }

        static void log(String name, String requestId, Throwable fault) {
            try {
                var trace = fault.getStackTrace();
                LOG.error(
                        "A gate failed ({}) for request {}: {} at {}",
                        name,
                        requestId,
                        fault.getClass().getName(),
                        trace.length == 0 ? "unknown" : trace[0]);
            } catch (Throwable noMemory) {
                // Nothing is left that could report it.
            }
        }
    }
}
