package dev.warder.container;

import dev.warder.container.CallbackGuard.FaultHandler;

/** Ends one exchange whose client was lost, or that has failed in a way that nothing provides for. Thread-safe. */
public interface ClientLossHandler extends FaultHandler {
    /** The client cannot be reached any more, or its request broke off. May be called more than once, without a lock. */
    void clientGone();
}
