package dev.warder.quota;

import java.util.Optional;

/** A request's need of its amounts, and its part of them once it is admitted. Not thread-safe: {@link NodeQuota} has the lock. */
abstract sealed class Claim permits Hold, RateHold {
    /** The number of amounts that limit the request. Those of the narrowest owner are first. */
    abstract int size();

    abstract Amount amount(int i);

    abstract long need(int i);

    /** A refusal that no wait would change. */
    abstract Optional<Admission> refusal(long now);

    /** Takes all that it needs. */
    abstract Admission begin(long now);

    /** Keeps all of its amounts from being forgotten, or does so no longer. */
    abstract void refer(int more);

    /** It waits no longer, and takes nothing. */
    void giveUp() {}

    /** True where an earlier request waits for one of its amounts, which this one must not overtake. */
    final boolean isWaitedFor(long now) {
        for (int i = 0; i < size(); i++) {
            if (amount(i).isWaitedFor(need(i), now)) {
                return true;
            }
        }
        return false;
    }

    /** Takes all if all is there; empty if the request has to wait. */
    final Optional<Admission> decide(long now) {
        var refusal = refusal(now);
        if (refusal.isPresent()) {
            return refusal;
        }
        for (int i = 0; i < size(); i++) {
            if (!amount(i).has(need(i), now)) {
                return Optional.empty();
            }
        }
        return Optional.of(begin(now));
    }
}
