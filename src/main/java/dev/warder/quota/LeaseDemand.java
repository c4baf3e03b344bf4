package dev.warder.quota;

import dev.warder.ledger.lease.Amounts;
import dev.warder.ledger.lease.LeaseRequest;
import dev.warder.ledger.lease.LeaseState;
import dev.warder.ledger.lease.Line;
import dev.warder.ledger.lease.Opening;

/**
 * The amount of one budget that this node asks the database for: what running requests need, what waiting requests wait
 * for, and as much as the next ones may use. All amounts are nano-dollars. Not thread-safe: {@link Accounts} has the lock.
 */
final class LeaseDemand {
    /** A lease is at most this part of what a node could have, so that others get some too. */
    private static final int LEASE_PARTS = 4;

    private final Account account;
    private final Recent spent;

    /**
     * Requests hold much more than they cost, and for a short time: without this number a node would give back between two requests
     * what the second one needs.
     */
    private final Recent held;

    private long lastHold;
    private long askedCharged;
    private long askedVersion;

    LeaseDemand(Account account, long now) {
        this.account = account;
        spent = new Recent(now);
        held = new Recent(now);
    }

    void began(long nanos) {
        lastHold = nanos;
    }

    void held(long nanos, long now) {
        held.reach(nanos, now);
    }

    void charged(long nanos, long now) {
        spent.add(nanos, now);
    }

    long askedVersion() {
        return askedVersion;
    }

    boolean isUrgent() {
        return account.isOpen()
                && (account.isWaitedFor()
                        || account.isNeededElsewhere()
                        || account.terms().policyVersion() > askedVersion
                        || account.lacking.nanos() > 0
                        || account.givesBack());
    }

    /** Whether the database may have news, or has to be given some: it is asked for all that is used, once a second. */
    boolean isDue(long wanted, int nodes) {
        boolean shared = nodes > 1 && account.free() > 0;
        return shared
                || account.charged() != askedCharged
                || wanted != account.granted()
                || !account.isStored()
                || account.isIdle();
    }

    /**
     * What the node wants to have now: only what running requests need while requests of other nodes wait longer than its
     * own, so that what is left here and there comes together. What all nodes have of the edge is given back, although
     * requests wait here: they may not use it, and running requests of another node may need it before they are known to
     * wait.
     *
     * @param waitingNanos what requests wait for
     * @param nodes how many nodes share the budget; at least 1
     * @param active whether it was used lately
     */
    long wanted(long waitingNanos, int nodes, boolean active, long now) {
        var seen = account.seen();
        if (seen == null) {
            return 0;
        }
        if (seen.othersWait()) {
            return least();
        }
        long usedOfEdge = seen.all().usedOfEdge();
        if (usedOfEdge > 0) {
            return least() + Math.min(waitingNanos, Math.max(0, account.spare() - usedOfEdge));
        }
        long ahead = active ? ahead(waitingNanos, now, seen) : 0;
        return least() + waitingNanos + Math.min(Math.max(0, seen.all().rest()) / LEASE_PARTS / nodes, ahead);
    }

    private long ahead(long waitingNanos, long now, LeaseState seen) {
        long ahead = ahead(waitingNanos, now);
        if (!seen.isLeasedElsewhere()) {
            return ahead;
        }
        long room = seen.all().roomBeforeEdge();
        return room <= 0 ? 0 : Math.min(ahead, Math.max(0, account.spare()) + room);
    }

    /** Enough for another request, or another try of one, for as many at once as there were lately, and for ten seconds. */
    private long ahead(long waitingNanos, long now) {
        held.reach(account.held(), now);
        long again = Math.max(2 * Math.max(lastHold, waitingNanos), (long) held.most(now) - account.held());
        return Math.max(again, (long) spent.most(now));
    }

    private long least() {
        return account.used() + account.lacking.nanos();
    }

    LeaseRequest request(long wanted, Line line) {
        return request(Opening.NONE, least(), wanted, line);
    }

    /** The first request: nothing is held yet, and what was charged before is not known. */
    LeaseRequest newRequest(Opening opening) {
        return request(opening, 0, 0, Line.NONE);
    }

    private LeaseRequest request(Opening opening, long least, long wanted, Line line) {
        var terms = account.terms();
        askedVersion = terms.policyVersion();
        askedCharged = account.charged();
        var budget = terms.budget().terms();
        var asked =
                new LeaseRequest.Terms(terms.window().end(), budget.nanos(), budget.enforces(), terms.policyVersion());
        return new LeaseRequest(account.key, asked, Amounts.edge(budget.nanos()), opening, least, wanted, line);
    }
}
