package dev.warder.quota;

import dev.warder.ledger.lease.LeaseState;
import dev.warder.ledger.lease.Line;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.quota.WaitingRequest.Why;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One budget in one window, as this node sees it. All amounts are nano-dollars. Not thread-safe: {@link Accounts} has
 * the lock.
 *
 * <p>{@code granted} is what the database has given to this node since its start, less what the node gave back; {@code
 * charged} is what requests of this node have cost, whether the database has it already or not; {@code held} is what open
 * requests may still cost. Their difference is free.
 */
final class Account extends Amount {
    final PeriodKey key;
    final Lacking lacking = new Lacking();
    final LeaseDemand demand;
    private ChargedBudget terms;
    private @Nullable LeaseState seen;
    private long seenVersion;
    private long granted;
    private long charged;
    private long held;
    private long usedAt;
    private boolean abandoned;

    /** @param now the time of a clock that never goes back */
    Account(ChargedBudget terms, long now) {
        this.terms = terms;
        this.key = terms.key();
        this.usedAt = now;
        this.demand = new LeaseDemand(this, now);
    }

    ChargedBudget terms() {
        return terms;
    }

    @Override
    Object owner() {
        return isOfOneClient();
    }

    boolean isOfOneClient() {
        return switch (terms.budget().scope()) {
            case CLIENT, SESSION -> true;
            case ORGANIZATION, TEAM, TAG, MODEL -> false;
        };
    }

    /** The database's view after the last reservation; null before the first. */
    @Nullable
    LeaseState seen() {
        return seen;
    }

    boolean enforces() {
        return terms.enforces();
    }

    void used(ChargedBudget by, long now) {
        usedAt = now;
        adopt(by);
    }

    void adopt(ChargedBudget by) {
        if (by.policyVersion() > terms.policyVersion()) {
            boolean same = by.enforces() == enforces();
            terms = by;
            // Only one that enforces has a lease: it begins with what the database has.
            seen = same ? seen : null;
        }
    }

    long usedAt() {
        return usedAt;
    }

    /** No request is charged to it any more, nothing is free, and the database has all charges: nothing is lost with it. */
    boolean isIdle() {
        return !isReferred() && held == 0 && isStored();
    }

    boolean isStored() {
        return !enforces() || seen != null && granted == charged && seen.drawn() == seen.granted();
    }

    long granted() {
        return granted;
    }

    long charged() {
        return charged;
    }

    long held() {
        return held;
    }

    long used() {
        return charged + held;
    }

    long free() {
        return granted - used();
    }

    long beyondLease(long more) {
        return enforces() ? Math.max(0, more - Math.max(0, free())) : 0;
    }

    boolean isOpen() {
        return seen != null;
    }

    boolean isCapSeen() {
        return seenVersion == terms.policyVersion();
    }

    void hold(long nanos, long now) {
        change(nanos, now);
        demand.began(nanos);
    }

    void change(long nanos, long now) {
        held += nanos;
        demand.held(held, now);
    }

    void charge(long nanos, long now) {
        charged += nanos;
        demand.charged(nanos, now);
        usedAt = now;
    }

    /** The database counts this node as dead: nothing is granted to what it was before. */
    void abandon() {
        abandoned = true;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /** What its requests that wait need of it, for the database. */
    Line line(long now) {
        long most = terms.budget().terms().nanos();
        var line = Line.NONE;
        for (var each : demand().entrySet()) {
            int millis = (int) Math.max(0, TimeUnit.NANOSECONDS.toMillis(now - each.getKey().since));
            line = line.and(new Line(Math.min(most, each.getValue()), millis), most);
        }
        return line;
    }

    /**
     * The amount that is free, not lacking for running requests of this node, and not spent by stored rows, which the
     * database never takes back; negative if running requests lack more.
     */
    long spare() {
        long spent = seen == null ? 0 : seen.drawn();
        return granted - Math.max(used(), spent) - lacking.nanos();
    }

    boolean givesBack() {
        return seen != null && (seen.othersWait() || seen.all().usedOfEdge() > 0) && spare() > 0;
    }

    /** Whether running requests of other nodes, which spend it too, may soon need what is free here. */
    boolean isNeededElsewhere() {
        return seen != null && seen.isLeasedElsewhere() && seen.all().roomBeforeEdge() <= 0 && spare() > 0;
    }

    /**
     * Whether a new request may hold this, as far as this node has it. What is granted of the edge, the last hundredth, stays
     * free for responses that have begun, and so does what such a response lacks. What other nodes wait for longer is going to
     * be given back. A request that was admitted or began to wait under an older policy is not limited by a budget that
     * enforces no longer.
     */
    @Override
    boolean has(long nanos, long now) {
        return !enforces()
                || seen != null
                        && !seen.othersWait()
                        && free() - Math.max(lacking.nanos(), seen.all().usedOfEdge()) >= nanos;
    }

    boolean isSpent(long nanos) {
        return enforces() && seen != null && isCapSeen() && nanos > seen.all().rest();
    }

    Why waitsFor(long nanos) {
        if (seen == null) {
            return Why.ASKING;
        }
        if (seen.othersWait()) {
            return Why.OTHER_NODES;
        }
        return has(nanos, usedAt) ? Why.EARLIER : Why.RUNNING;
    }

    AccountView view() {
        return new AccountView(terms, Optional.ofNullable(seen), granted, charged, held, waiting());
    }

    void shrinkTo(long wanted) {
        granted = Math.min(granted, wanted);
    }

    /**
     * The amount that the database has reserved and confirmed. An account that was dropped before begins with what it had
     * charged then, which the database has completely.
     */
    void reserved(LeaseState state) {
        boolean unknown = seen == null || !isReferred() && state.drawn() > charged;
        if (unknown && enforces()) {
            charged = state.drawn();
        }
        seen = state;
        seenVersion = demand.askedVersion();
        granted = state.granted();
    }

    /**
     * The additional need of begun responses for one budget, in nano-dollars. It comes before all new
     * requests. Not thread-safe: {@link Accounts} has the lock.
     */
    static final class Lacking {
        private final Map<Hold, Long> holds = new HashMap<>();
        private long nanos;

        long nanos() {
            return nanos;
        }

        void add(Hold hold, long more) {
            nanos += more - Objects.requireNonNullElse(holds.put(hold, more), 0L);
        }

        void remove(Hold hold) {
            nanos -= Objects.requireNonNullElse(holds.remove(hold), 0L);
        }
    }
}
