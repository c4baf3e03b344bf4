package dev.warder.quota;

import dev.warder.ledger.lease.Amounts;
import dev.warder.ledger.lease.LeaseRequest;
import dev.warder.ledger.lease.LeaseState;
import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.PeriodKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntUnaryOperator;

/** The {@link Accounts} of a node whose threads take their steps in a chosen order. What must always hold is checked after each. */
final class InterleavedNode {
    private static final int ENOUGH = 200;

    private final IntUnaryOperator choices;
    private final LeasesInMemory database = new LeasesInMemory();
    private final Accounts accounts = new Accounts(new UUID(0, 0), 1000, () -> 0);
    private final List<Actor> actors = new ArrayList<>();
    private final List<InterleavedRequest> requests = new ArrayList<>();
    private final Set<Waiter> inLine = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Waiter> admitted = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<PeriodKey, Long> mostUsed;
    private int runs;
    private int faultsLeft;

    /** A thread. */
    interface Actor {
        /** Whether it has something to do now. */
        boolean isAble();

        /** Does that. */
        void step();
    }

    /**
     * Creates it.
     *
     * @param faults how many reservations may fail, before or after the database has done them
     * @param caps the largest amount of each budget
     */
    InterleavedNode(IntUnaryOperator choices, int faults, Map<PeriodKey, Long> caps) {
        this.choices = choices;
        this.faultsLeft = faults;
        this.mostUsed = caps;
        accounts.reserved(accounts.run(), List.of());
    }

    void add(Actor actor) {
        actors.add(actor);
        if (actor instanceof InterleavedRequest request) {
            requests.add(request);
        }
    }

    LeasesInMemory database() {
        return database;
    }

    Accounts accounts() {
        return accounts;
    }

    /** Lets those that are able take their steps in the chosen order, until none is. */
    void runAll() {
        var able = able();
        while (!able.isEmpty()) {
            able.get(choices.applyAsInt(able.size())).step();
            check();
            able = able();
        }
    }

    private List<Actor> able() {
        var able = new ArrayList<Actor>(actors.size());
        for (var actor : actors) {
            if (actor.isAble()) {
                able.add(actor);
            }
        }
        return able;
    }

    /** Nothing fails any more, and the threads work until all requests have ended; then the node stops. */
    void finish() {
        faultsLeft = 0;
        int rounds = 0;
        do {
            require(++rounds < ENOUGH, "a request waits without an end");
            actors.add(new InterleavedThreads.Opener(this, 1));
            actors.add(new InterleavedThreads.Keeper(this, 1, false));
            actors.add(new InterleavedThreads.Server(this, 1));
            while (!able().isEmpty()) {
                able().get(0).step();
                check();
            }
        } while (!requests.stream().allMatch(InterleavedRequest::hasEnded));
        accounts.end();
        actors.add(new InterleavedThreads.Keeper(this, 2, false));
        runAll();
        checkEnd();
    }

    private void checkEnd() {
        require(accounts.waiting() == 0 && inLine.isEmpty(), "a request is in the line");
        require(accounts.isStored(), "something is not stored, or not given back");
        require(!accounts.isUrgent(), "something is lacking");
        for (var view : accounts.views()) {
            require(view.held() == 0, "something is held");
            require(view.waiting() == 0, "the budget is waited for");
            require(database.rest(accounts.run(), view.terms().key()) == 0, "a lease is left");
        }
    }

    private void check() {
        require(accounts.waiting() == inLine.size(), "the line has another length");
        require(database.isPlausible(), "the database has a negative amount");
        for (var view : accounts.views()) {
            var key = view.terms().key();
            require(view.held() == sum(key, true), "another amount is held than by the requests");
            require(view.charged() == sum(key, false), "another amount is charged than the requests cost");
            require(view.charged() + view.held() <= view.granted(), "more is used than granted");
            require(view.granted() <= database.granted(accounts.run(), key), "the database has granted less");
            require(view.waiting() >= 0, "a negative number waits");
            require(database.used(key) <= mostUsed.getOrDefault(key, 0L), "the budget is exceeded");
        }
    }

    /** What requests of this run hold, or have cost. */
    private long sum(PeriodKey key, boolean held) {
        long sum = 0;
        for (var request : requests) {
            var charged = request.hold().map(Hold::charged);
            if (charged.isPresent()
                    && charged.get().run().equals(accounts.run())
                    && charged.get().periods().contains(key)) {
                sum += held ? request.held() : request.spent();
            }
        }
        return sum;
    }

    void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise + ": " + accounts.views() + ", choices " + choices);
        }
    }

    Admission admit(HoldRequest request) {
        var admission = accounts.admit(request);
        if (admission instanceof Admission.Waits waits) {
            inLine.add(waits.waiter());
        }
        return admission;
    }

    void withdraw(Waiter waiter) {
        accounts.withdraw(waiter);
        inLine.remove(waiter);
    }

    /** Whether a request that waited was admitted. */
    boolean wasAdmitted(Waiter waiter) {
        return admitted.contains(waiter);
    }

    boolean holdInstead(Hold hold, long nanos) {
        return accounts.holdInstead(hold, nanos).isEmpty();
    }

    void settle(Hold hold, long nanos) {
        require(accounts.settle(hold, nanos) == 0, "a request cost more than it held");
        require(accounts.settle(hold, nanos) == 0, "a request was settled twice");
    }

    void store(Hold hold, long nanos) {
        database.store(hold.charged(), nanos);
    }

    /** 1 if a reservation fails, 2 if it was done and the response is lost. */
    int fault() {
        int fault = faultsLeft == 0 ? 0 : choices.applyAsInt(3);
        faultsLeft -= fault == 0 ? 0 : 1;
        return fault;
    }

    /** A run begins, since the one before was thought dead. */
    void begin() {
        accounts.begin(new UUID(0, ++runs));
    }

    /** A request leaves the line with this decision. */
    void decided(Waiter waiter, Admission decision) {
        require(inLine.remove(waiter), "a request was decided that does not wait");
        if (decision instanceof Admission.Held) {
            admitted.add(waiter);
        }
    }

    /**
     * A database in memory that grants as the real one does: what a run needs at once up to the cap, and what it would like up to the
     * edge. All amounts are nano-dollars. One thread at a time.
     */
    static final class LeasesInMemory {
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
                    : Optional.of(
                            requests.stream().map(each -> reserve(run, each)).toList());
        }

        private LeaseState reserve(UUID run, LeaseRequest request) {
            var period = periods.computeIfAbsent(request.key(), none -> new Period());
            if (request.terms().version() > period.version) {
                period.version = request.terms().version();
                period.cap = request.terms().cap();
            }
            var lease = period.leases.computeIfAbsent(run, none -> new Lease());
            boolean othersWait = request.line().nanos() == 0
                    && period.leases.values().stream()
                            .anyMatch(other -> other != lease && other.live && other.missing > 0);
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
}
