package dev.warder.budget;

import dev.warder.budget.lease.LeaseRequest;
import dev.warder.budget.lease.LeaseState;
import dev.warder.budget.lease.Opening;
import dev.warder.ledger.store.PeriodKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One budget in one window, as this node sees it. All amounts are nano-dollars. Not thread-safe: {@link Accounts} has the lock.
 *
 * <p>{@code granted} is what the database has given to this node since its start, less what the node gave back; {@code charged}
 * is what requests of this node have cost, whether the database has it already or not; {@code held} is what open requests may
 * still cost. Their difference is free.
 */
final class Account {
    /** One hundredth of the amount is kept for responses that have begun. */
    private static final long EDGE_PARTS = 100;

    /** A lease is at most this part of what a node could have, so that others get some too. */
    private static final int LEASE_PARTS = 4;

    private final PeriodKey key;
    private final SpendingRate rate = new SpendingRate();
    private ChargedBudget terms;
    private @Nullable LeaseState seen;
    private long askedCharged;
    private long askedVersion;
    private long seenVersion;
    private long granted;
    private long charged;
    private long held;

    /** What open requests need in addition to what they hold, and what of it the database was asked for. */
    private final Map<Hold, Long> lacking = new HashMap<>();

    private Map<Hold, Long> askedLacking = Map.of();
    private long lastHold;
    private int waiting;
    private long usedAt;

    /** @param now the time of a clock that never goes back */
    Account(ChargedBudget terms, long now) {
        this.terms = terms;
        this.key = terms.key();
        this.usedAt = now;
    }

    PeriodKey key() {
        return key;
    }

    ChargedBudget terms() {
        return terms;
    }

    /** The database's view after the last exchange; null before the first. */
    @Nullable
    LeaseState seen() {
        return seen;
    }

    boolean enforces() {
        return terms.budget().terms().enforces();
    }

    /** A request is charged to it; terms of a newer policy replace the ones before. */
    void used(ChargedBudget by, long now) {
        usedAt = now;
        if (by.policyVersion() > terms.policyVersion()) {
            boolean same = by.budget().terms().enforces() == enforces();
            terms = by;
            // Only one that enforces has a lease: it begins with what the database has.
            seen = same ? seen : null;
        }
    }

    long usedAt() {
        return usedAt;
    }

    /** Neither held nor free nor waited for, and the database has all charges: nothing is lost with it. */
    boolean isIdle() {
        return held == 0 && waiting == 0 && lacking.isEmpty() && isStored();
    }

    /** Whether the database has all charges, and nothing more is granted. */
    boolean isStored() {
        return !enforces() || seen != null && granted == charged && seen.drawn() == seen.granted();
    }

    long free() {
        return granted - charged - held;
    }

    boolean isOpen() {
        return seen != null;
    }

    /** Whether a new request may hold this, as far as this node has it. */
    boolean admits(long nanos) {
        return seen != null && free() - lackingNanos() >= nanos && !isEdgeInUse(seen);
    }

    /** Whether nothing that happens to open requests can make room for a new one of this size. */
    boolean isSpent(long nanos) {
        return seen != null
                && seenVersion == terms.policyVersion()
                && seen.spent() + seen.overage() + seen.unknown() + nanos > seen.cap() - edge(seen.cap());
    }

    /** Held money is free again only in an exchange, where others may have it first. */
    private static boolean isEdgeInUse(LeaseState state) {
        return state.spent() + state.overage() + state.unknown() + state.leased() > state.cap() - edge(state.cap());
    }

    /** A request begins to hold this. */
    void hold(long nanos) {
        held += nanos;
        lastHold = nanos;
    }

    /** A request holds this much more, or less. */
    void change(long nanos) {
        held += nanos;
    }

    /** A response that has begun needs this in addition to what it holds, which comes before all new requests. */
    void lacks(Hold hold, long nanos) {
        lacking.put(hold, nanos);
    }

    /** It lacks nothing any more. */
    void satisfied(Hold hold) {
        lacking.remove(hold);
    }

    private long lackingNanos() {
        long sum = 0;
        for (long each : lacking.values()) {
            sum += each;
        }
        return sum;
    }

    void charge(long nanos, long now) {
        charged += nanos;
        rate.add(nanos, now);
        usedAt = now;
    }

    void waits(int more) {
        waiting += more;
    }

    boolean isWaitedFor() {
        return waiting > 0;
    }

    boolean isUrgent() {
        return waiting > 0 || seen == null || !askedLacking.equals(lacking);
    }

    /** Whether another node waits longer for what is free here: it is given back although requests of this node wait too. */
    private boolean givesBack() {
        return seen != null && waiting > 0 && (seen.othersFirst() || isEdgeInUse(seen));
    }

    /** Whether the database may have news, or has to be given some: it is asked for all that is used, once a second. */
    boolean isDue(long wanted, int nodes) {
        boolean shared = nodes > 1 && free() > 0;
        return shared || charged != askedCharged || wanted != granted || !isStored() || isIdle();
    }

    /** What running requests need. */
    private long least() {
        return charged + held + lackingNanos();
    }

    /**
     * What the database is asked for.
     *
     * @param wanted see {@link #wanted}
     */
    LeaseRequest request(long wanted, Function<ChargedBudget, Opening> openings) {
        var budget = terms.budget().terms();
        boolean isNew = seen == null;
        askedVersion = terms.policyVersion();
        askedCharged = charged;
        askedLacking = isNew ? Map.of() : Map.copyOf(lacking);
        return new LeaseRequest(
                key,
                terms.window().end(),
                budget.nanos(),
                edge(budget.nanos()),
                budget.enforces(),
                terms.policyVersion(),
                isNew ? openings.apply(terms) : Opening.NONE,
                isNew ? 0 : least(),
                isNew ? 0 : wanted,
                waiting > 0 && !isNew,
                givesBack());
    }

    /** Its numbers. */
    AccountView view() {
        return new AccountView(terms, Optional.ofNullable(seen), granted, charged, held, waiting);
    }

    /**
     * What the node wants to have.
     *
     * @param waitingNanos what requests wait for
     * @param nodes how many nodes share the budget; at least 1
     * @param active whether it was used lately
     */
    long wanted(long waitingNanos, int nodes, boolean active, long now) {
        if (seen == null) {
            return Math.addExact(least(), waitingNanos);
        }
        if (seen.othersFirst() || isEdgeInUse(seen)) {
            return least() + waitingNanos;
        }
        long rest = Math.max(0, seen.cap() - edge(seen.cap()) - seen.spent() - seen.overage() - seen.unknown());
        // Enough for another request, or another try of one.
        long ahead = Math.max(2 * Math.max(lastHold, waitingNanos), rate.tenSeconds(now));
        long reserve = active ? Math.min(rest / LEASE_PARTS / nodes, ahead) : 0;
        return least() + waitingNanos + reserve;
    }

    /** What is given back is no longer used here, before the database has it. */
    void shrinkTo(long wanted) {
        granted = Math.min(granted, givesBack() ? least() : wanted);
    }

    /**
     * The result of an exchange that the database has confirmed. An account that was dropped before begins with what it had
     * charged then, which the database has completely.
     */
    void exchanged(LeaseState state) {
        if (seen == null && enforces()) {
            charged = state.drawn();
        }
        seen = state;
        seenVersion = askedVersion;
        granted = state.granted();
    }

    /** One hundredth, which new requests may not use. */
    static long edge(long cap) {
        return cap / EDGE_PARTS;
    }
}
