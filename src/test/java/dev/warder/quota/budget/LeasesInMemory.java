package dev.warder.quota.budget;

import dev.warder.ledger.lease.Amounts;
import dev.warder.ledger.lease.LeaseRequest;
import dev.warder.ledger.lease.LeaseState;
import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.PeriodKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A database in memory that grants as the real one does: what a run needs at once up to the cap, and what it would like up to the
 * edge. All amounts are nano-dollars. One thread at a time.
 */
final class LeasesInMemory {
    private final Map<PeriodKey, Period> periods = new HashMap<>();

    private static final class Period {
        private long cap;
        private long version;
        private long spent;
        private long unknown;
        private long leased;
        private final Map<UUID, Lease> leases = new HashMap<>();

        long room(long limit) {
            return Math.max(0, limit - spent - unknown - leased);
        }
    }

    private static final class Lease {
        private long granted;
        private long drawn;
        private long missing;
        private boolean live = true;
    }

    /** See {@link dev.warder.ledger.lease.LeaseStore#reserve}; empty if the leases of the run were taken from it. */
    Optional<List<LeaseState>> reserve(UUID run, List<LeaseRequest> requests) {
        boolean fenced = periods.values().stream()
                .map(each -> each.leases.get(run))
                .anyMatch(lease -> lease != null && !lease.live);
        return fenced
                ? Optional.empty()
                : Optional.of(requests.stream().map(each -> reserve(run, each)).toList());
    }

    private LeaseState reserve(UUID run, LeaseRequest request) {
        var period = periods.computeIfAbsent(request.key(), none -> new Period());
        if (request.terms().version() > period.version) {
            period.version = request.terms().version();
            period.cap = request.terms().cap();
        }
        var lease = period.leases.computeIfAbsent(run, none -> new Lease());
        boolean othersWait = request.line().nanos() == 0
                && period.leases.values().stream().anyMatch(other -> other != lease && other.live && other.missing > 0);
        long granted = granted(request, period, lease, othersWait);
        period.leased += granted - lease.granted;
        lease.granted = granted;
        lease.missing = Math.max(0, request.least() + request.line().nanos() - granted);
        return new LeaseState(
                request.key(),
                granted,
                lease.drawn,
                new Amounts(period.cap, period.spent, 0, period.leased, period.unknown),
                othersWait);
    }

    private static long granted(LeaseRequest request, Period period, Lease lease, boolean othersWait) {
        if (request.wanted() <= lease.granted) {
            return Math.max(request.wanted(), lease.drawn);
        }
        long missing = Math.min(Math.max(0, request.least() - lease.granted), period.room(period.cap));
        long granted = lease.granted + missing;
        if (granted < request.least() || othersWait) {
            return granted;
        }
        long room = Math.max(0, period.room(period.cap - request.edge()) - missing);
        return granted + Math.min(request.wanted() - granted, room);
    }

    /** A row of the ledger is stored. */
    void store(Charged charged, long nanos) {
        for (var key : charged.periods()) {
            var period = Objects.requireNonNull(periods.get(key));
            var lease = Objects.requireNonNull(period.leases.get(charged.run()));
            period.spent += nanos;
            if (lease.live) {
                period.leased -= nanos;
            } else {
                period.unknown -= nanos;
            }
            lease.drawn += nanos;
        }
    }

    /** The run is thought dead. */
    void reap(UUID run) {
        for (var period : periods.values()) {
            var lease = period.leases.get(run);
            if (lease != null && lease.live) {
                lease.live = false;
                period.unknown += lease.granted - lease.drawn;
                period.leased -= lease.granted - lease.drawn;
            }
        }
    }

    /** What the run was granted since its start. */
    long granted(UUID run, PeriodKey key) {
        return lease(run, key).map(lease -> lease.granted).orElse(0L);
    }

    /** What is reserved for a run that it has not spent. */
    long rest(UUID run, PeriodKey key) {
        return lease(run, key).map(lease -> lease.granted - lease.drawn).orElse(0L);
    }

    private Optional<Lease> lease(UUID run, PeriodKey key) {
        return Optional.ofNullable(periods.get(key)).map(period -> period.leases.get(run));
    }

    /** What is spent, reserved, or unknown. */
    long used(PeriodKey key) {
        var period = periods.get(key);
        return period == null ? 0 : period.spent + period.leased + period.unknown;
    }

    /** Whether each part of a budget is at least 0. */
    boolean isPlausible() {
        return periods.values().stream().allMatch(each -> each.leased >= 0 && each.unknown >= 0 && each.spent >= 0);
    }
}
