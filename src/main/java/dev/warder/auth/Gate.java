package dev.warder.auth;

import java.time.Duration;

/**
 * A rule that decides about requests. One object decides about all requests of the application: it must be thread-safe, and
 * it must not wait. A gate that throws refuses the request with 503.
 */
public interface Gate {
    /** A gate's need of knowledge about a request. */
    enum Needs {
        /** Client, route and header fields: the gate is asked before the body is read and before memory is charged. */
        HEAD,
        /** The content too, after its translation. On routes whose body is not collected it is asked without content. */
        BODY
    }

    /** The longest wait for a verdict, unless a gate has its own. */
    Duration MAX_WAIT = Duration.ofSeconds(60);

    default Needs needs() {
        return Needs.BODY;
    }

    /** Decides about a request, on the container's thread or on one of the application's. */
    Verdict ask(Inquiry inquiry);

    /** How long a request may wait for the verdict; afterwards it is refused with 503. */
    default Duration maxWait() {
        return MAX_WAIT;
    }

    default String name() {
        return getClass().getSimpleName();
    }
}
