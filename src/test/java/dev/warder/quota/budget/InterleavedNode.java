package dev.warder.quota.budget;

import dev.warder.ledger.store.PeriodKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntUnaryOperator;

/** The {@link Accounts} of a node whose threads take their steps in a chosen order. What must always hold is checked after each. */
final class InterleavedNode {
    private static final int ENOUGH = 200;

    private final IntUnaryOperator choices;
    private final LeasesInMemory database = new LeasesInMemory();
    private final Accounts accounts = new Accounts(new UUID(0, 0), 1000, () -> 0);
    private final AccountLeases leases = new AccountLeases(accounts);
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
        leases.reserved(accounts.run(), List.of());
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

    AccountLeases leases() {
        return leases;
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
        leases.end();
        actors.add(new InterleavedThreads.Keeper(this, 2, false));
        runAll();
        checkEnd();
    }

    private void checkEnd() {
        require(accounts.waiting() == 0 && inLine.isEmpty(), "a request is in the line");
        require(leases.isStored(), "something is not stored, or not given back");
        require(!leases.isUrgent(), "something is lacking");
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
        leases.begin(new UUID(0, ++runs));
    }

    /** A request leaves the line with this decision. */
    void decided(Waiter waiter, Admission decision) {
        require(inLine.remove(waiter), "a request was decided that does not wait");
        if (decision instanceof Admission.Held) {
            admitted.add(waiter);
        }
    }
}
