package dev.warder.ledger.store;

import java.util.concurrent.CompletableFuture;

/** Makes intents durable. Thread-safe; does not wait. */
public interface IntentLog {
    /**
     * Begins to make an intent durable.
     *
     * @return completes with whether it is, on any thread; never with an exception
     */
    CompletableFuture<Boolean> note(Intent intent);

    /** Notes what a request holds now. Does nothing where intents are noted without it. */
    default void hold(HeldInstead held) {}
}
