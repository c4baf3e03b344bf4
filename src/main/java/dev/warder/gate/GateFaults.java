package dev.warder.gate;

import dev.warder.gate.Gates.RegisteredGate;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The edge to the code of gates and meters: whatever they throw is logged once and ends in a refusal with 503, except where
 * there is nothing to refuse. The log has the type of the fault and its place, but not its message, which may hold what the
 * client sent.
 */
final class GateFaults {
    private static final Logger LOG = LoggerFactory.getLogger(GateFaults.class);
    private static final int RETRY_SECONDS = 5;

    private GateFaults() {}

    static Verdict ask(RegisteredGate gate, Inquiry inquiry) {
        try {
            return Objects.requireNonNull(gate.gate().ask(inquiry));
        } catch (Throwable fault) {
            return refusal(gate.name(), inquiry.call().id(), fault);
        }
    }

    static Optional<ErrorReply> ask(String requestId, Supplier<Optional<ErrorReply>> question) {
        try {
            return Objects.requireNonNull(question.get());
        } catch (Throwable fault) {
            return Optional.of(refusal("meter", requestId, fault).reply());
        }
    }

    /** Asks a meter for fields; none after a fault, since the response itself is in order. */
    static List<Field> fields(String requestId, Supplier<List<Field>> question) {
        try {
            return List.copyOf(question.get());
        } catch (Throwable fault) {
            log("meter", requestId, fault);
            return List.of();
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

    static Verdict.Refused refusal(String name, String requestId, Throwable fault) {
        log(name, requestId, fault);
        return Verdict.refused(
                ErrorReply.overloaded("The gateway cannot decide about this request at the moment.", RETRY_SECONDS));
    }

    static ErrorReply timedOut() {
        return ErrorReply.overloaded("The gateway could not admit this request in time.", RETRY_SECONDS);
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
