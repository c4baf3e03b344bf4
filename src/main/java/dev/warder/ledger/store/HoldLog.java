package dev.warder.ledger.store;

/** Notes what requests hold, so that it is known after a kill of this node. Thread-safe. */
@FunctionalInterface
public interface HoldLog {
    /** Notes nothing: after a kill, a request may have cost all that the node had reserved. */
    HoldLog NONE = (request, nanos) -> {};

    /**
     * A request holds another amount. To be called before it costs as much.
     *
     * @param request Warder's id of the request
     * @param nanos the nano-dollars of each of its budgets
     */
    void hold(String request, long nanos);
}
