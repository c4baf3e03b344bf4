package dev.warder.credential;

import dev.warder.http.ErrorCode;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The outcome of one use of a managed credential, before the first byte of the response reached the client. */
public sealed interface Outcome {
    /**
     * The upstream responded.
     *
     * @param status the status; for an event stream that began with an {@code error} event, the status of the error's
     *     type
     * @param code the code of the error, as far as the response was read
     * @param field the value of a header field of the response, by its name in any case
     */
    record Responded(int status, ErrorCode code, Function<String, Optional<String>> field) implements Outcome {
        private static final Set<Integer> REFUSED = Set.of(401, 402, 403, 429);

        public Responded(int status, Function<String, Optional<String>> field) {
            this(status, ErrorCode.NONE, field);
        }

        boolean isFailure() {
            return status >= 500 || REFUSED.contains(status) && !code.concernsUserProfile();
        }
    }

    /** No connection was made, or its TLS handshake failed: no part of the request was sent. */
    record Unreachable() implements Outcome {}

    /** The connection was lost after the request was begun, or the response could not be read. */
    record Lost() implements Outcome {}

    /** The upstream did not send the first byte of the response in time. */
    record TimedOut() implements Outcome {}

    /** No value was available. */
    record Unavailable(CredentialSource.UnavailableException cause) implements Outcome {}

    /** Unknown: the client went away first, or nothing was sent. */
    record Unknown() implements Outcome {}

    /** Whether it proves that a credential which failed with the same request was at fault: 2xx, or a client error. */
    default boolean isBetter() {
        return this instanceof Responded responded
                && (responded.status() / 100 == 2 || responded.status() / 100 == 4 && !responded.isFailure());
    }

    /**
     * Whether the request itself may be the cause. Such a failure counts only after another credential did better with
     * the same request.
     */
    default boolean needsProof() {
        return this instanceof Responded responded && responded.isFailure()
                || this instanceof Lost
                || this instanceof TimedOut;
    }
}
