package dev.warder.ledger.store;

import java.util.UUID;

/**
 * The leases of a run were taken from it, because it was thought dead. It can reserve nothing more: its node has to continue as
 * a new run, and should {@linkplain LeaseStore#reap reap} the old one again.
 */
public final class FencedException extends Exception {
    FencedException(UUID run) {
        super("the leases of the run " + run + " were taken from it");
    }
}
