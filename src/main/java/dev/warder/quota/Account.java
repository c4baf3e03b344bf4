package dev.warder.quota;

import dev.warder.ledger.store.Amounts;
import dev.warder.ledger.store.LeaseStore.LeaseRequest;
import dev.warder.ledger.store.LeaseStore.LeaseState;
import dev.warder.ledger.store.LeaseStore.Line;
import dev.warder.ledger.store.LeaseStore.Opening;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.quota.BudgetReport.WaitingRequest.Why;
import java.time.Duration;
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
    /** A node has this part in advance of what it could have. One that is killed may keep it from all others. */
    private static final int LEASE_PARTS = 16;

    private static final long ACTIVE = Duration.ofSeconds(60).toNanos();

    final PeriodKey key;
    final Lacking lacking = new Lacking();
    private ChargedBudget terms;

    /** The database's view after the last reservation; null before the first. */
    private @Nullable LeaseState seen;

    private long seenVersion;
    private long granted;
    private long charged;
    private long held;
    private long usedAt;

    /** The database counts this node as dead: nothing is granted to what it was before. */
    boolean abandoned;

    private long askedCharged;
    private long askedVersion;

    /** @param now the time of a clock that never goes back */
    Account(ChargedBudget terms, long now) {
        this.terms = terms;
        this.key = terms.key();
        this.usedAt = now;
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

    /** True if it was used lately. */
    boolean isActive(long now) {
        return now - usedAt < ACTIVE;
    }

    /** No request is charged to it any more, nothing is free, and the database has all charges: nothing is lost with it. */
    boolean isIdle() {
        return !isReferred() && held == 0 && isStored();
    }

    boolean isStored() {
        return !enforces() || seen != null && granted == charged && seen.drawn() == seen.granted();
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

    void change(long nanos) {
        held += nanos;
    }

    void charge(long nanos, long now) {
        charged += nanos;
        usedAt = now;
    }

    /** The need of its requests that wait, for the database. */
    Line line(long now) {
        long most = terms.budget().terms().nanos();
        long nanos = 0;
        long millis = 0;
        for (var each : demand().entrySet()) {
            nanos = Math.min(most, nanos + Math.min(most, each.getValue()));
            millis = Math.max(millis, TimeUnit.NANOSECONDS.toMillis(now - each.getKey().since));
        }
        return new Line(nanos, (int) millis);
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

    /** True where running requests of other nodes, which spend it too, may soon need what is free here. */
    private boolean isNeededElsewhere() {
        return seen != null && seen.isLeasedElsewhere() && seen.all().roomBeforeEdge() <= 0 && spare() > 0;
    }

    /** True where the database is to be asked before its turn. */
    boolean isUrgent() {
        return isOpen()
                && (waiting() > 0
                        || isNeededElsewhere()
                        || terms.policyVersion() > askedVersion
                        || lacking.nanos() > 0
                        || givesBack());
    }

    /** True where the database may have news, or has to be given some: it is asked for all that is used, once a second. */
    boolean isDue(long wanted, int nodes) {
        boolean shared = nodes > 1 && free() > 0;
        return shared || charged != askedCharged || wanted != granted || !isStored() || isIdle();
    }

    /**
     * The amount that the node wants to have now: what its requests need, and its part of the rest for the next ones. It is only
     * what running requests need while requests of other nodes wait longer than its own, so that what is left here and there comes
     * together. What all nodes have of the edge is given back, although requests wait here: they may not use it, and running
     * requests of another node may need it before they are known to wait.
     *
     * @param waitingNanos what requests wait for
     * @param nodes how many nodes share the budget; at least 1
     * @param active whether it was used lately
     */
    long wanted(long waitingNanos, int nodes, boolean active) {
        if (seen == null) {
            return 0;
        }
        if (seen.othersWait()) {
            return least();
        }
        long usedOfEdge = seen.all().usedOfEdge();
        if (usedOfEdge > 0) {
            return least() + Math.min(waitingNanos, Math.max(0, spare() - usedOfEdge));
        }
        return least() + waitingNanos + (active ? ahead(seen, nodes) : 0);
    }

    private long ahead(LeaseState state, int nodes) {
        long part = Math.max(0, state.all().rest()) / LEASE_PARTS / nodes;
        long room = state.all().roomBeforeEdge();
        if (!state.isLeasedElsewhere()) {
            return part;
        }
        // Half of it, so that it does not become the last, which is given back.
        return room <= 0 ? 0 : Math.min(part, (Math.max(0, spare()) + room) / 2);
    }

    long least() {
        return used() + lacking.nanos();
    }

    LeaseRequest request(Opening opening, long least, long wanted, Line line) {
        askedVersion = terms.policyVersion();
        askedCharged = charged;
        var budget = terms.budget().terms();
        var asked =
                new LeaseRequest.Terms(terms.window().end(), budget.nanos(), budget.enforces(), terms.policyVersion());
        return new LeaseRequest(key, asked, Amounts.edge(budget.nanos()), opening, least, wanted, line);
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
        return enforces()
                && seen != null
                && seenVersion == terms.policyVersion()
                && nanos > seen.all().rest();
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

    View view() {
        return new View(terms, Optional.ofNullable(seen), granted, charged, held, waiting());
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
        seenVersion = askedVersion;
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

    /**
     * The numbers of one budget on this node, in nano-dollars. Immutable.
     *
     * @param seen the database's view after the last reservation; empty before the first
     * @param granted what the database has given to this node since its start
     * @param charged what requests of this node have cost since its start
     * @param held what open requests may still cost
     * @param waiting how many requests wait for it
     */
    public record View(
            ChargedBudget terms, Optional<LeaseState> seen, long granted, long charged, long held, int waiting) {
        public long spent() {
            return line().usedNanos();
        }

        public boolean isUsedUp() {
            long cap = seen.map(state -> state.all().amount()).orElse(Long.MAX_VALUE);
            return spent() >= cap - Amounts.edge(cap);
        }

        public BudgetLine line() {
            return new BudgetLine(terms.budget(), terms.window(), seen.map(LeaseState::all));
        }
    }
}
