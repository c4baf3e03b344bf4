package dev.warder.oauth;

import java.time.Duration;
import java.util.Optional;

/**
 * A token endpoint returned no token. The message contains nothing of its response but a plain error code (RFC 6749,
 * section 5.2).
 */
public final class EndpointException extends Exception {
    private final Meaning meaning;
    private final transient Optional<Duration> retryAfter;

    private EndpointException(Meaning meaning, String message, Optional<Duration> retryAfter) {
        super(message);
        this.meaning = meaning;
        this.retryAfter = retryAfter;
    }

    public static EndpointException refused(Meaning meaning, String message) {
        return new EndpointException(meaning, message, Optional.empty());
    }

    /**
     * A temporary failure.
     *
     * @param retryAfter how long the endpoint asks clients to wait
     */
    public static EndpointException passing(String message, Optional<Duration> retryAfter) {
        return new EndpointException(Meaning.PASSING, message, retryAfter);
    }

    public Meaning meaning() {
        return meaning;
    }

    public Optional<Duration> retryAfter() {
        return retryAfter;
    }

    /** The consequence of a refusal for the next attempt. */
    public enum Meaning {
        INVALID_GRANT,
        /** The client or the request is wrong: the same request gets the same response again. */
        REFUSED,
        PASSING
    }
}
