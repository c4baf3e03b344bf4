package dev.warder.exchange.down;

import dev.warder.state.ClientLossHandler;

/** The exchange that a response belongs to, which follows how far the response is. Thread-safe; called without the relay's lock. */
public interface ResponseOwner extends ClientLossHandler {
    /** The container took {@code bytes} of the body. */
    void written(int bytes);

    void sent();

    /** Waits until another thread that ends the request has done so, 1 s at most. On a container's thread. */
    void awaitEnd();

    /** The container ends the request, because it stops the application. */
    void stopped();

    /** The container has ended the request without being asked to, and holds locks of its own. Runs nothing. */
    void endedByContainer();
}
