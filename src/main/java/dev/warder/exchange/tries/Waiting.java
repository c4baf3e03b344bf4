package dev.warder.exchange.tries;

/** The waits of one request that can become too long. */
public enum Waiting {
    VALUE,
    RESPONSE,
    REST
}
