package dev.warder.auth;

import dev.warder.http.ErrorReply;
import java.util.Objects;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The edge to the code of gates and meters: whatever they throw is logged once and ends in a refusal with 503, except where
 * there is nothing to refuse. The log has the type of the fault and its place, but not its message, which may hold what the
 * client sent.
 */
final class GateFaults {
    static final int RETRY_SECONDS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(GateFaults.class);

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
