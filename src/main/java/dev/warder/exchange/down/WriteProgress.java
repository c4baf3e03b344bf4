package dev.warder.exchange.down;

import org.jspecify.annotations.Nullable;

/**
 * The result of writing a response.
 *
 * @param written bytes of the response
 * @param taken bytes of the upstream that the client took with them
 * @param flow receives them; null before the upstream's response
 */
record WriteProgress(int written, int taken, @Nullable Flow flow, Outcome outcome) {
    /** How it goes on. */
    enum Outcome {
        WAITING,
        /** The response was handed over to its last byte. */
        SENT,
        /** The client cannot be reached. */
        LOST
    }
}
