package dev.warder.credential;

/**
 * The rule that selects among several managed credentials for a request whose session is not bound to one ({@code
 * upstream.pool}).
 */
public enum PoolOrder {
    ORDERED,
    WEIGHTED
}
