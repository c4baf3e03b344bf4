package dev.warder.auth;

import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.record.CompletedRequest;
import dev.warder.usage.UsageBounds;
import dev.warder.usage.UsageCounts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Follows one request that a gate has granted. A method that returns an error cuts the request: it then ends with that
 * error, as a response, or as one event where an event stream has begun. If such a method throws, the request is cut with
 * 503; what the others throw is only logged. A request that is cut with {@code billing_error} is logged with {@code
 * end=budget}.
 *
 * <p>Calls come from several threads, the reactor's and the timer's among them: implementations are thread-safe and do not
 * wait.
 */
public interface Meter {
    /** The last try has cost nothing, as far as is known: it was refused, or did not get there. */
    default void costNothing() {}

    /** Called before each try: before the first, and before each further one. */
    default Optional<ErrorReply> beforeTry() {
        return Optional.empty();
    }

    /**
     * The moment of admission, by which the gate has chosen prices and periods: the ledger uses the same. Empty if the gate has
     * chosen nothing by the time.
     */
    default Optional<Instant> admittedAt() {
        return Optional.empty();
    }

    default Optional<UsageBounds> bounds() {
        return Optional.empty();
    }

    /** The nano-dollars that are held of budgets for the try that runs; 0 if no budget limits the request. */
    default long held() {
        return 0;
    }

    default boolean readsUsage() {
        return false;
    }

    /** Receives the counts that the response reports so far. Counts are cumulative; those of models within the message are not in them. */
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

    /**
     * Fields for the head of a successful response: one with a status of the class 2xx, of the upstream or translated from
     * it. Asked at most once, when the head is passed to the client. They replace fields of the response with the same
     * names, and are left out where the head would become too large for the container.
     */
    default List<Field> responseFields() {
        return List.of();
    }

    default void end(CompletedRequest request) {}

    /**
     * Called in place of {@link #end} where a fault, such as a lack of memory, has kept the record from being made. What the request
     * has consumed is not known: what is held for it counts.
     */
    default void lost() {}
}
