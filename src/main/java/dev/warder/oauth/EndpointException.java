package dev.warder.oauth;

import java.time.Duration;
import java.util.Optional;

/** A token endpoint gave no token. The message holds nothing of what it said but a plain error code (RFC 6749, section 5.2). */
final class EndpointException extends Exception {
    private static final long serialVersionUID = 1;

    private final Meaning meaning;
    private final transient Optional<Duration> retryAfter;

    private EndpointException(Meaning meaning, String message, Optional<Duration> retryAfter) {
        super(message);
        this.meaning = meaning;
        this.retryAfter = retryAfter;
    }

    static EndpointException refused(Meaning meaning, String message) {
        return new EndpointException(meaning, message, Optional.empty());
    }

    static EndpointException passing(String message, Optional<Duration> retryAfter) {
        return new EndpointException(Meaning.PASSING, message, retryAfter);
    }

    Meaning meaning() {
        return meaning;
    }

    /** How long the endpoint wants to be left alone. */
    Optional<Duration> retryAfter() {
        return retryAfter;
    }

    /** What a refusal says about the next attempt. */
    enum Meaning {
        /** The grant is used up, revoked or expired: {@code invalid_grant}. */
        INVALID_GRANT,
        /** The client or the request is wrong: the same again is answered the same. */
        REFUSED,
        /** Another attempt may bring a token. */
        PASSING
    }
}
