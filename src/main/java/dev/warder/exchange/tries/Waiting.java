package dev.warder.exchange.tries;

/** The waits of one request that can become too long. */
public enum Waiting {
    /** The value of a credential. */
    VALUE,
    /** A response, or that the upstream takes more of the request. */
    RESPONSE,
    /** The rest of a response that is kept back. */
    REST
}
