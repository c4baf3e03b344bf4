package dev.warder.budget;

import dev.warder.budget.lease.LeaseRequest;
import dev.warder.budget.lease.LeaseState;
import dev.warder.budget.lease.Line;
import dev.warder.budget.lease.Opening;
import dev.warder.budget.report.WaitingRequest.Why;
import dev.warder.ledger.store.PeriodKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
    private final RecentPeak peak = new RecentPeak();
    private ChargedBudget terms;
    private @Nullable LeaseState seen;
    private long askedCharged;
    private long askedVersion;
    private long seenVersion;
    private long granted;
    private long charged;
    private long held;

    /** What open requests need in addition to what they hold, its sum, and what of it the database was asked for. */
    private final Map<Hold, Long> lacking = new HashMap<>();

    private long lackingNanos;

    private Map<Hold, Long> askedLacking = Map.of();
    private long lastHold;
    private int waiting;
    private int references;
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

    /** Whether only one client spends it. */
    boolean isOfOneClient() {
        return switch (terms.budget().scope()) {
            case CLIENT, SESSION -> true;
            case ORGANIZATION, TEAM, TAG, MODEL -> false;
        };
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
        adopt(by);
    }

    /** Terms of a newer policy replace the ones before. */
    void adopt(ChargedBudget by) {
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

    /** No request is charged to it any more, nothing is free, and the database has all charges: nothing is lost with it. */
    boolean isIdle() {
        return references == 0 && held == 0 && isStored();
    }

    /** Whether the database has all charges, and nothing more is granted. */
    boolean isStored() {
        return !enforces() || seen != null && granted == charged && seen.drawn() == seen.granted();
    }

    long free() {
        return granted - charged - held;
    }

    /** How much more is charged and held than the database has granted. */
    long beyondLease() {
        return enforces() ? Math.max(0, -free()) : 0;
    }

    /** How much more that is when this is held in addition. */
    long beyondLease(long more) {
        return enforces() ? Math.max(0, more - Math.max(0, free())) : 0;
    }

    /**
     * Whether {@code budget.grace} may be used for a response that has begun. It is for money that cannot be reserved at the
     * moment, not for what other nodes had spent at the last exchange, or this one spends, of the amount.
     */
    boolean mayLend(long more) {
        return !enforces() || seen != null && known(seen) + more <= cap(seen);
    }

    /** The same for a new request; responses that have begun come before it. */
    boolean mayLendToNew(long nanos) {
        return !enforces() || seen != null && lackingNanos == 0 && known(seen) + nanos <= cap(seen) - edge(cap(seen));
    }

    /** What is spent of the amount or held by this node, as far as this node knows. */
    private long known(LeaseState state) {
        return state.spent() + state.overage() + state.unknown() + charged - state.drawn() + held;
    }

    /** The amount, which may be newer than the last exchange. */
    private long cap(LeaseState state) {
        return seenVersion == terms.policyVersion()
                ? state.cap()
                : terms.budget().terms().nanos();
    }

    boolean isOpen() {
        return seen != null;
    }

    /**
     * Whether a new request may hold this, as far as this node has it. What is granted of the edge stays free, and so does what
     * a response lacks that has begun. What other nodes wait for longer is going to be given back. A request that was admitted
     * or began to wait under an older policy is not limited by a budget that enforces no longer.
     */
    boolean admits(long nanos) {
        return !enforces()
                || seen != null && !seen.othersWait() && free() - Math.max(lackingNanos, usedOfEdge(seen)) >= nanos;
    }

    /** Whether nothing that happens to open requests can make room for a new one of this size. */
    boolean isSpent(long nanos) {
        return enforces()
                && seen != null
                && seenVersion == terms.policyVersion()
                && seen.spent() + seen.overage() + seen.unknown() + nanos > seen.cap() - edge(seen.cap());
    }

    /** How much of the edge all nodes together have at most; negative if there is room for new requests before it. */
    private static long usedOfEdge(LeaseState state) {
        return state.spent() + state.overage() + state.unknown() + state.leased() - state.cap() + edge(state.cap());
    }

    /** A request is charged to it when it ends, so that it must not be forgotten. */
    void refer() {
        references++;
    }

    void release() {
        references--;
    }

    /** A request begins to hold this. */
    void hold(long nanos) {
        change(nanos);
        lastHold = nanos;
    }

    /** A request holds this much more, or less. */
    void change(long nanos) {
        held += nanos;
        peak.add(held);
    }

    /** A response that has begun needs this in addition to what it holds, which comes before all new requests. */
    void lacks(Hold hold, long nanos) {
        lackingNanos += nanos - Objects.requireNonNullElse(lacking.put(hold, nanos), 0L);
    }

    /** It lacks nothing any more. */
    void satisfied(Hold hold) {
        lackingNanos -= Objects.requireNonNullElse(lacking.remove(hold), 0L);
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
        return seen != null
                && (waiting > 0
                        || terms.policyVersion() > askedVersion
                        || !askedLacking.equals(lacking)
                        || givesBack());
    }

    /** What a request of this size waits for that is not admitted. */
    Why waitsFor(long nanos) {
        if (seen == null) {
            return Why.ASKING;
        }
        if (seen.othersWait()) {
            return Why.OTHER_NODES;
        }
        return admits(nanos) ? Why.EARLIER : Why.RUNNING;
    }

    /** Whether requests of other nodes wait for what is free here. */
    boolean givesBack() {
        return seen != null && seen.othersWait() && free() > lackingNanos;
    }

    /** Whether the database may have news, or has to be given some: it is asked for all that is used, once a second. */
    boolean isDue(long wanted, int nodes) {
        boolean shared = nodes > 1 && free() > 0;
        return shared || charged != askedCharged || wanted != granted || !isStored() || isIdle();
    }

    /** What running requests need. */
    private long least() {
        return charged + held + lackingNanos;
    }

    /**
     * What the database is asked for.
     *
     * @param wanted see {@link #wanted}
     * @param line what requests wait for
     */
    LeaseRequest request(long wanted, Line line) {
        askedLacking = Map.copyOf(lacking);
        return request(Opening.NONE, least(), wanted, line);
    }

    /** The first request: nothing is held yet, and what was charged before is not known. */
    LeaseRequest newRequest(Opening opening) {
        return request(opening, 0, 0, Line.NONE);
    }

    private LeaseRequest request(Opening opening, long least, long wanted, Line line) {
        askedVersion = terms.policyVersion();
        askedCharged = charged;
        var budget = terms.budget().terms();
        return new LeaseRequest(
                key,
                terms.window().end(),
                budget.nanos(),
                edge(budget.nanos()),
                budget.enforces(),
                terms.policyVersion(),
                opening,
                least,
                wanted,
                line);
    }

    /** Its numbers. */
    AccountView view() {
        return new AccountView(terms, Optional.ofNullable(seen), granted, charged, held, waiting);
    }

    /**
     * What the node wants to have now: only what running requests need while requests of other nodes wait longer than its own,
     * so that what is left here and there comes together.
     *
     * @param waitingNanos what requests wait for
     * @param nodes how many nodes share the budget; at least 1
     * @param active whether it was used lately
     */
    long wanted(long waitingNanos, int nodes, boolean active, long now) {
        if (seen == null) {
            return 0;
        }
        if (seen.othersWait()) {
            return least();
        }
        long rest = Math.max(0, seen.cap() - edge(seen.cap()) - seen.spent() - seen.overage() - seen.unknown());
        // Enough for another request, or another try of one, and for as many at once as there were lately.
        long again = Math.max(2 * Math.max(lastHold, waitingNanos), peak.of(held, now) - held);
        long ahead = Math.max(again, rate.tenSeconds(now));
        boolean keeps = active && usedOfEdge(seen) <= 0;
        return least() + waitingNanos + (keeps ? Math.min(rest / LEASE_PARTS / nodes, ahead) : 0);
    }

    /** What is given back is no longer used here, before the database has it. */
    void shrinkTo(long wanted) {
        granted = Math.min(granted, wanted);
    }

    /**
     * The result of an exchange that the database has confirmed. An account that was dropped before begins with what it had
     * charged then, which the database has completely.
     */
    void exchanged(LeaseState state) {
        boolean unknown = seen == null || references == 0 && state.drawn() > charged;
        if (unknown && enforces()) {
            charged = state.drawn();
        }
        seen = state;
        seenVersion = askedVersion;
        granted = state.granted();
    }

    /** Of a run that other nodes counted as dead: what its stored rows cost above its lease counts as granted. */
    void stored(long drawn) {
        granted = Math.max(granted, drawn);
    }

    /** One hundredth, which new requests may not use. */
    static long edge(long cap) {
        return cap / EDGE_PARTS;
    }
}
