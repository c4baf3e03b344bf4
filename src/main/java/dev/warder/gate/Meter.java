package dev.warder.gate;

import dev.warder.http.ErrorReply;
import dev.warder.prices.UsageCounts;
import dev.warder.record.CompletedRequest;
import java.util.Optional;

/**
 * Follows one request that a gate has granted. Except for {@link #end} each method may cut the request: it then ends with
 * the error that the method returns, as a response, or as one event where an event stream has begun. A method that throws
 * cuts it with 503.
 *
 * <p>Calls come from several threads, the reactor's and the timer's among them: implementations are thread-safe and do not
 * wait.
 */
public interface Meter {
    /** Called before each request to the upstream: before the first, and before each retry with another credential. */
    default Optional<ErrorReply> beforeTry() {
        return Optional.empty();
    }

    /** Whether {@link #usage} is to be called. */
    default boolean readsUsage() {
        return false;
    }

    /** What the response reports so far. Counts are cumulative; those of models within the message are not in them. */
    default Optional<ErrorReply> usage(UsageCounts soFar) {
        return Optional.empty();
    }

    /**
     * Called some times a second until the request ends.
     *
     * @param nanoTime a clock that never goes back
     */
    default Optional<ErrorReply> tick(long nanoTime) {
        return Optional.empty();
    }

    /** The request has ended, once, before the release of the grant. */
    default void end(CompletedRequest request) {}
}
