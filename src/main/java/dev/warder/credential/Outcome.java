package dev.warder.credential;

import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What came of one use of a managed credential, before a byte of the answer reached the client. */
public sealed interface Outcome {
    /**
     * The upstream answered.
     *
     * @param status the status; that of the error's type, where an event stream began with an {@code error} event
     * @param field the value of a field of the answer's head, by its name in any case
     */
    record Answered(int status, Function<String, Optional<String>> field) implements Outcome {
        private static final Set<Integer> REFUSED = Set.of(401, 402, 403, 429);

        boolean isFailure() {
            return status >= 500 || REFUSED.contains(status);
        }
    }

    /** No connection was made, or its TLS handshake failed: nothing of the request was sent. */
    record Unreachable() implements Outcome {}

    /** The connection was lost after the request was begun, or the response could not be read. */
    record Lost() implements Outcome {}

    /** The upstream did not send the first byte of the response in time. */
    record TimedOut() implements Outcome {}

    /** No value could be had. */
    record Unavailable(CredentialUnavailableException cause) implements Outcome {}

    /** It is not known: the client went away first, or nothing was sent. */
    record Unknown() implements Outcome {}

    /** Whether it proves that a credential which failed with the same request was at fault: 2xx, or a client error. */
    default boolean isBetter() {
        return this instanceof Answered answered
                && (answered.status() / 100 == 2 || answered.status() / 100 == 4 && !answered.isFailure());
    }

    /** Whether the request itself may be the cause, so that it counts only once another credential did better with it. */
    default boolean needsProof() {
        return this instanceof Answered answered && answered.isFailure()
                || this instanceof Lost
                || this instanceof TimedOut;
    }
}
