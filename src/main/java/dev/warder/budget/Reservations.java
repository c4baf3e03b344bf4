package dev.warder.budget;

import dev.warder.budget.account.AccountLeases;
import dev.warder.budget.lease.FencedException;
import dev.warder.budget.lease.LeaseRequest;
import dev.warder.budget.lease.LeaseStore;
import java.sql.SQLException;
import java.util.List;

/** Reserves in the database what the accounts of this node need, and gives back the rest. One thread at a time. */
final class Reservations {
    /** The most accounts of one transaction, which locks their rows. */
    private static final int PART = 200;

    private final LeaseStore store;
    private final AccountLeases leases;
    private final NodeBeats beats;

    /** @param beats has the run of this node, and the number of nodes */
    Reservations(LeaseStore store, AccountLeases leases, NodeBeats beats) {
        this.store = store;
        this.leases = leases;
        this.beats = beats;
    }

    /**
     * Asks the database for what the accounts need.
     *
     * @param all whether accounts count too that no request waits for
     */
    void reserve(boolean all) throws SQLException, FencedException {
        var requests = leases.requests(beats.nodes(), all);
        for (int from = 0; from < requests.size(); from += PART) {
            reserve(requests.subList(from, Math.min(requests.size(), from + PART)));
        }
        if (requests.isEmpty()) {
            leases.reserved(beats.run(), List.of());
        }
    }

    private void reserve(List<LeaseRequest> part) throws SQLException, FencedException {
        leases.reserved(beats.run(), store.reserve(beats.run(), part));
    }

    /** Gives back what is left, since the node stops. What is charged and not stored yet stays reserved. */
    void giveBack() throws SQLException, FencedException {
        leases.end();
        reserve(true);
        if (leases.isStored()) {
            store.end(beats.run());
        }
    }
}
