package dev.warder.quota;

import dev.warder.ledger.lease.Amounts;
import dev.warder.ledger.lease.LeaseRequest;
import dev.warder.ledger.lease.LeaseState;
import dev.warder.ledger.lease.Line;
import dev.warder.ledger.lease.Opening;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * The amount of one budget that this node asks the database for: what running requests need, what waiting requests wait
 * for, and as much as the next ones may use. All amounts are nano-dollars. Not thread-safe: {@link Accounts} has the lock.
 */
final class LeaseDemand {
    /** A lease is at most this part of what a node could have, so that others get some too. */
    private static final int LEASE_PARTS = 4;

    private final Account account;
    private final SpendingRate rate = new SpendingRate();
    private final RecentPeak peak = new RecentPeak();
    private long lastHold;
    private long askedCharged;
    private long askedVersion;

    LeaseDemand(Account account) {
        this.account = account;
    }

    void began(long nanos) {
        lastHold = nanos;
    }

    void held(long nanos) {
        peak.add(nanos);
    }

    void charged(long nanos, long now) {
        rate.add(nanos, now);
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

    /** Enough for another request, or another try of one, and for as many at once as there were lately. */
    private long ahead(long waitingNanos, long now) {
        long held = account.held();
        long again = Math.max(2 * Math.max(lastHold, waitingNanos), peak.of(held, now) - held);
        return Math.max(again, rate.tenSeconds(now));
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

    /**
     * The largest value of the last ten to twenty seconds. Requests hold much more than they cost, and for a short time:
     * without this number a node would give back between two requests what the second one needs. Not thread-safe.
     */
    private static final class RecentPeak {
        private static final long WINDOW = Duration.ofSeconds(10).toNanos();

        private long current;
        private long earlier;
        private long since;
        private boolean begun;

        void add(long value) {
            current = Math.max(current, value);
        }

        /**
         * The peak, which is at least the value now.
         *
         * @param now nanoseconds of a clock that never goes back
         */
        long of(long value, long now) {
            add(value);
            if (!begun || now - since >= WINDOW) {
                earlier = begun && now - since < 2 * WINDOW ? current : value;
                current = value;
                since = now;
                begun = true;
            }
            return Math.max(earlier, current);
        }
    }

    /** Spending in the last minute, in steps of ten seconds. Not thread-safe. */
    private static final class SpendingRate {
        private static final int STEPS = 6;
        private static final long STEP = TimeUnit.SECONDS.toNanos(10);

        private final long[] spent = new long[STEPS];
        private long newest = Long.MIN_VALUE;

        /** @param now the time of a clock that never goes back */
        void add(long nanoDollars, long now) {
            moveTo(now);
            spent[slot(newest)] += nanoDollars;
        }

        /** A sixth of what was spent in the last minute: nano-dollars in ten seconds. */
        long tenSeconds(long now) {
            moveTo(now);
            long sum = 0;
            for (long each : spent) {
                sum += each;
            }
            return sum / STEPS;
        }

        private void moveTo(long now) {
            long step = Math.floorDiv(now, STEP);
            if (newest == Long.MIN_VALUE || step - newest >= STEPS) {
                Arrays.fill(spent, 0);
                newest = step;
            }
            while (newest < step) {
                newest++;
                spent[slot(newest)] = 0;
            }
        }

        private static int slot(long step) {
            return (int) Math.floorMod(step, (long) STEPS);
        }
    }
}
