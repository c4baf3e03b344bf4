package dev.warder.quota;

import dev.warder.ledger.store.Amounts;
import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.LeaseStore.LeaseRequest;
import dev.warder.ledger.store.LeaseStore.LeaseState;
import dev.warder.ledger.store.LeaseStore.Opening;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.quota.Accounts.HoldRequest;
import dev.warder.quota.WaitingLine.Waiter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntUnaryOperator;

/**
 * The {@link Accounts} of a node whose requests and threads take their steps in a chosen order. What must always hold is checked
 * after each.
 */
final class InterleavedNode {
    private static final int ENOUGH = 200;
    private static final Duration WAIT = Duration.ofSeconds(60);

    final LeasesInMemory database = new LeasesInMemory();
    final Accounts accounts = new Accounts(new UUID(0, 0), 1000, () -> 0);
    private final IntUnaryOperator choices;
    private final List<Actor> actors = new ArrayList<>();
    private final List<Request> requests = new ArrayList<>();
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
    }

    /**
     * A request takes its steps too.
     *
     * @param amounts what it holds instead, one after the other
     * @param cost not more than the last of them
     * @param patient whether it waits until a decision comes
     */
    void add(HoldRequest asked, List<Long> amounts, long cost, boolean patient) {
        var request = new Request(asked, amounts, cost, patient);
        actors.add(request);
        requests.add(request);
    }

    /** How the requests have ended. */
    List<String> ends() {
        return requests.stream().map(request -> request.step.name()).toList();
    }

    /** Lets those that are able take their steps in the chosen order, until none is. */
    void runAll() {
        var able = actors.stream().filter(Actor::isAble).toList();
        while (!able.isEmpty()) {
            able.get(choices.applyAsInt(able.size())).step();
            check();
            able = actors.stream().filter(Actor::isAble).toList();
        }
    }

    /** Nothing fails any more, and the threads work until all requests have ended; then the node stops. */
    void finish() {
        faultsLeft = 0;
        int rounds = 0;
        do {
            require(++rounds < ENOUGH, "a request waits without an end");
            add(new Opener(1));
            addKeeper(1);
            add(new Server(1));
            runAll();
        } while (!requests.stream().allMatch(Request::hasEnded));
        accounts.end();
        addKeeper(2);
        runAll();
        require(accounts.waiting() == 0 && inLine.isEmpty(), "a request is in the line");
        require(accounts.isStored(), "something is not stored, or not given back");
        require(!accounts.isUrgent(), "something is lacking");
        for (var view : accounts.views()) {
            require(view.held() == 0, "something is held");
            require(view.waiting() == 0, "the budget is waited for");
            var lease = database.lease(accounts.run(), view.terms().key());
            require(lease.granted == lease.drawn, "a lease is left");
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
            require(view.granted() <= database.lease(accounts.run(), key).granted, "the database has granted less");
            require(view.waiting() >= 0, "a negative number waits");
            require(database.used(key) <= mostUsed.getOrDefault(key, 0L), "the budget is exceeded");
        }
    }

    /** What requests of this run hold, or have cost. */
    private long sum(PeriodKey key, boolean held) {
        long sum = 0;
        for (var request : requests) {
            var charged = request.hold.map(Hold::charged);
            if (charged.isPresent()
                    && charged.get().run().equals(accounts.run())
                    && charged.get().periods().contains(key)) {
                sum += held ? request.held() : request.spent;
            }
        }
        return sum;
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise + ": " + accounts.views() + ", choices " + choices);
        }
    }

    /** 1 if a reservation fails, 2 if it was done and the response is lost. */
    private int fault() {
        int fault = faultsLeft == 0 ? 0 : choices.applyAsInt(3);
        faultsLeft -= fault == 0 ? 0 : 1;
        return fault;
    }

    private enum Step {
        NEW,
        WAITS,
        WITHDRAWN,
        RUNS,
        ENDED,
        REFUSED,
        STORED
    }

    private final class Request implements Actor {
        private final HoldRequest asked;
        private final Deque<Long> amounts;
        private final long cost;
        private final boolean patient;
        private Step step = Step.NEW;
        private Optional<Waiter> waiter = Optional.empty();

        /** Empty before its admission. */
        private Optional<Hold> hold = Optional.empty();

        private int triesLeft = 2;
        private long held;
        private long spent;

        Request(HoldRequest asked, List<Long> amounts, long cost, boolean patient) {
            this.asked = asked;
            this.amounts = new ArrayDeque<>(amounts);
            this.cost = cost;
            this.patient = patient;
        }

        @Override
        public boolean isAble() {
            return switch (step) {
                case NEW, RUNS, ENDED -> true;
                case WAITS -> !patient || isDecided();
                // A grant that comes too late has to be released.
                case WITHDRAWN -> isDecided();
                case REFUSED, STORED -> false;
            };
        }

        @Override
        public void step() {
            switch (step) {
                case NEW -> decided(accounts.admit(asked));
                case WAITS -> {
                    if (isDecided()) {
                        decided(waiter.orElseThrow().decision.join());
                    } else {
                        accounts.withdraw(waiter.orElseThrow());
                        inLine.remove(waiter.orElseThrow());
                        step = Step.WITHDRAWN;
                    }
                }
                case WITHDRAWN -> {
                    decided(waiter.orElseThrow().decision.join());
                    end(0);
                }
                case RUNS -> run();
                case ENDED -> {
                    database.store(hold.orElseThrow().charged(), spent);
                    step = Step.STORED;
                }
                case REFUSED, STORED -> throw new IllegalStateException("it has ended");
            }
        }

        private void decided(Admission admission) {
            if (admission instanceof Admission.Held granted) {
                hold = Optional.of(granted.hold());
                held = asked.nanos();
                step = Step.RUNS;
            } else if (admission instanceof Admission.Waits waits) {
                waiter = Optional.of(waits.waiter());
                hold = Optional.of((Hold) waits.waiter().claim);
                inLine.add(waits.waiter());
                step = Step.WAITS;
            } else {
                step = Step.REFUSED;
            }
        }

        private void run() {
            if (amounts.isEmpty() || triesLeft == 0) {
                end(Math.min(cost, held));
            } else if (accounts.holdInstead(hold.orElseThrow(), amounts.element())
                    .isEmpty()) {
                held = amounts.remove();
            } else {
                triesLeft--;
            }
        }

        private void end(long nanos) {
            if (step == Step.RUNS) {
                spent = nanos;
                require(accounts.settle(hold.orElseThrow(), nanos) == 0, "a request cost more than it held");
                require(accounts.settle(hold.orElseThrow(), nanos) == 0, "a request was settled twice");
                step = Step.ENDED;
            }
        }

        private boolean isDecided() {
            return waiter.orElseThrow().decision.isDone();
        }

        /** Whether nothing of it is open. */
        private boolean hasEnded() {
            return step == Step.REFUSED || step == Step.STORED || step == Step.WITHDRAWN && !isDecided();
        }

        /** What it holds of its budgets, from the moment of the decision. */
        private long held() {
            return switch (step) {
                case RUNS -> held;
                case WAITS, WITHDRAWN -> admitted.contains(waiter.orElseThrow()) ? asked.nanos() : 0;
                case NEW, ENDED, REFUSED, STORED -> 0;
            };
        }
    }

    /** Takes these steps one after the other. */
    static final class Steps implements Actor {
        private final Deque<Runnable> left;

        Steps(List<Runnable> steps) {
            left = new ArrayDeque<>(steps);
        }

        @Override
        public boolean isAble() {
            return !left.isEmpty();
        }

        @Override
        public void step() {
            left.remove().run();
        }
    }

    /** The thread that compares the accounts with the database: others may do something before it gets a response. */
    void addKeeper(int reservations) {
        var steps = new ArrayList<Runnable>();
        for (int i = 0; i < reservations; i++) {
            var exchange = new Exchange();
            steps.addAll(List.of(exchange::ask, exchange::reserve, exchange::receive));
        }
        add(new Steps(steps));
    }

    private final class Exchange {
        private List<LeaseRequest> asked = List.of();
        private UUID askedBy = new UUID(0, 0);
        private Runnable response = () -> {};

        void ask() {
            askedBy = accounts.run();
            var before = accounts.views();
            asked = accounts.leaseRequests(2, true);
            for (var each : asked) {
                var view = before.stream()
                        .filter(account -> account.terms().key().equals(each.key()))
                        .findFirst()
                        .orElseThrow();
                require(each.least() >= view.charged() + view.held(), "what is lacking is negative");
            }
        }

        void reserve() {
            int fault = fault();
            response = accounts::away;
            if (fault != 1) {
                var states = database.reserve(askedBy, asked);
                if (fault == 0) {
                    // A run begins where the one before was thought dead.
                    response = states.<Runnable>map(confirmed -> () -> accounts.reserved(askedBy, confirmed))
                            .orElse(() -> accounts.begin(new UUID(0, ++runs)));
                }
            }
        }

        void receive() {
            response.run();
        }
    }

    /** The thread that asks for a budget that is new. */
    final class Opener implements Actor {
        private int rounds;
        private Deque<ChargedBudget> left = new ArrayDeque<>();
        private UUID askedBy = new UUID(0, 0);
        private Optional<LeaseRequest> asked = Optional.empty();
        private Optional<List<LeaseState>> states = Optional.empty();

        Opener(int rounds) {
            this.rounds = rounds;
        }

        @Override
        public boolean isAble() {
            return rounds > 0 || !left.isEmpty() || asked.isPresent();
        }

        @Override
        public void step() {
            if (left.isEmpty() && asked.isEmpty()) {
                rounds--;
                var unopened = accounts.unopened();
                askedBy = unopened.run();
                left = new ArrayDeque<>(unopened.budgets());
            } else if (asked.isEmpty()) {
                asked = accounts.newRequest(left.remove().key(), Opening.NONE);
            } else if (states.isEmpty()) {
                int fault = fault();
                states = fault == 1 ? Optional.empty() : database.reserve(askedBy, List.of(asked.get()));
                states = fault == 2 ? Optional.empty() : states;
                asked = states.isEmpty() ? Optional.empty() : asked;
            } else {
                accounts.reserved(askedBy, states.get());
                asked = Optional.empty();
                states = Optional.empty();
            }
        }
    }

    /** The thread that admits those that wait. It completes their decisions later, and without a lock. */
    final class Server implements Actor {
        private final Deque<Runnable> decisions = new ArrayDeque<>();
        private int left;

        Server(int rounds) {
            this.left = rounds;
        }

        @Override
        public boolean isAble() {
            return left > 0 || !decisions.isEmpty();
        }

        @Override
        public void step() {
            if (!decisions.isEmpty()) {
                decisions.remove().run();
                return;
            }
            left--;
            accounts.serve(WAIT).forEach((waiter, decision) -> {
                require(inLine.remove(waiter), "a request was decided that does not wait");
                if (decision instanceof Admission.Held) {
                    admitted.add(waiter);
                }
                decisions.add(() -> require(waiter.decision.complete(decision), "a request was decided twice"));
            });
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

        /** See {@link dev.warder.ledger.store.LeaseStore#reserve}; empty if the leases of the run were taken from it. */
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

        /** What the run was granted since its start, and has spent. */
        private Lease lease(UUID run, PeriodKey key) {
            return periods.getOrDefault(key, new Period()).leases.getOrDefault(run, new Lease());
        }

        /** What is spent, reserved, or unknown. */
        private long used(PeriodKey key) {
            var period = periods.getOrDefault(key, new Period());
            return period.spent + period.leased + period.unknown;
        }

        /** Whether each part of a budget is at least 0. */
        private boolean isPlausible() {
            return periods.values().stream().allMatch(each -> each.leased >= 0 && each.unknown >= 0 && each.spent >= 0);
        }
    }
}
