package dev.warder.credential;

/** Which of several managed credentials takes a request that is bound to none ({@code upstream.pool}). */
public enum PoolOrder {
    /** The first usable one. */
    ORDERED,
    /** All usable ones, each in proportion to its weight. */
    WEIGHTED
}
