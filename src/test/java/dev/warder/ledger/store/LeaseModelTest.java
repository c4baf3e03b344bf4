package dev.warder.ledger.store;

import static dev.warder.ledger.store.LeaseDatabase.MONTH;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.store.LeaseStore.FencedException;
import dev.warder.ledger.store.LeaseStore.LeaseRequest;
import dev.warder.ledger.store.LeaseStore.Line;
import dev.warder.ledger.store.LeaseStore.Opening;
import dev.warder.ledger.store.LockedPeriods.LeaseRow;
import dev.warder.ledger.store.LockedPeriods.PeriodRow;
import dev.warder.ledger.store.Settling.Charge;
import dev.warder.testkit.BudgetCheck;
import dev.warder.testkit.H2Memory;
import dev.warder.testkit.Turns;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * All orders in which two nodes can run three requests, in a slice with a kill, a false alarm or a lost reply at each step; two of these
 * with {@code -Dwarder.long=true}. The cap has room for all of the requests, but not for all at once, and a node spends only what it knows
 * to be reserved. Each step is done in a database, once for all states in which the database has the same.
 */
@Tag("turn-6")
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class LeaseModelTest {
    private static final long CAP = 6;
    private static final long EDGE = 1;
    private static final int FAULTS = Boolean.getBoolean("warder.long") ? 2 : Turns.of(0, 1);

    private static final Set<Step> UNSTORED = EnumSet.of(Step.RUNS, Step.ENDED, Step.UNCONFIRMED);

    /** Node 0 has the even numbers, and at each fault the next one. */
    private static final int RUNS = 2 * (FAULTS + 2);

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private final List<ModelState> next = new ArrayList<>();

    private final LeaseDatabase here = h2::database;
    private final Map<Transition, Rows> done = new HashMap<>();

    private interface Work {
        void run() throws Exception;
    }

    /** Works of the same name are alike in what they do in the database. */
    private record Transition(Rows before, List<Charge> charges, String work) {}

    /** @param leases by the number of their run */
    private record Rows(PeriodRow period, Map<Integer, LeaseRow> leases) {}

    @Test
    void nothingIsSpentTwiceOrAboveTheCapInAnyOrder() throws Exception {
        here.leases().liveNodes();
        var known = new HashSet<ModelState>();
        var waiting = new ArrayDeque<ModelState>();
        var first = ModelState.first();
        known.add(first);
        waiting.add(first);
        var ends = new HashSet<List<Step>>();
        while (!waiting.isEmpty()) {
            var state = waiting.remove();
            next.clear();
            follow(state);
            for (var each : next) {
                if (known.add(each)) {
                    waiting.add(each);
                    assertAllowed(each);
                    ends.add(each.requests().stream().map(Request::step).toList());
                }
            }
        }
        assertThat(known).hasSizeGreaterThan(FAULTS == 0 ? 300 : 7000);
        assertThat(ends).contains(List.of(Step.STORED, Step.STORED, Step.STORED));
        assertThat(ends.contains(List.of(Step.STORED, Step.LOST, Step.STORED))).isEqualTo(FAULTS > 0);
    }

    private static void assertAllowed(ModelState state) {
        var period = state.rows().period();
        long taken = period.spent() + period.unknown() + period.leased();
        assertThat(state.sum(request -> true))
                .as("all that may be spent is known or reserved: %s", state)
                .isLessThanOrEqualTo(taken);
        assertThat(taken).as("%s", state).isLessThanOrEqualTo(CAP);
        assertThat(period.spent()).as("%s", state).isEqualTo(state.sum(Request::isStored));
        assertThat(period.overage()).as("%s", state).isZero();
    }

    private void follow(ModelState state) throws Exception {
        for (int i = 0; i < state.requests().size(); i++) {
            go(state, i);
        }
        for (int node = 0; node < 2; node++) {
            long used = state.used(state.nodes().get(node).run());
            reserve(state, node, used);
            reserve(state, node, used + ModelState.HOLD);
            reserve(state, node, used + 2 * ModelState.HOLD);
            if (state.faults() > 0) {
                next.add(killed(state.afterFault(), node));
            }
        }
        for (int run = 0; run < RUNS; run++) {
            reap(state, run);
            giveBack(state, run);
        }
    }

    private void go(ModelState state, int number) throws Exception {
        var request = state.requests().get(number);
        var node = state.nodes().get(ModelState.NODES.get(number));
        switch (request.step()) {
            case NEW -> {
                if (node.granted() - state.used(node.run()) >= ModelState.HOLD) {
                    next.add(state.with(number, new Request(Step.RUNS, node.run())));
                }
            }
            case RUNS -> next.add(state.with(number, new Request(Step.ENDED, request.run())));
            case ENDED -> store(state, number, request);
            // The ledger finds the row and charges nothing, see ChargedRowsContract.
            case UNCONFIRMED -> next.add(state.with(number, new Request(Step.STORED, request.run())));
            case STORED, LOST -> {}
        }
    }

    /** Stores the row of a request; the reply may be lost. */
    private void store(ModelState state, int number, Request request) throws Exception {
        var charge = state.charge(number);
        var after = after(state, "settle " + charge, () -> here.settle(charge));
        next.add(after.with(number, new Request(Step.STORED, request.run())));
        if (state.faults() > 0) {
            next.add(after.afterFault().with(number, new Request(Step.UNCONFIRMED, request.run())));
        }
    }

    /** From the moment when a node asks for less than it has, it uses no more: the reply may be lost. */
    private void reserve(ModelState state, int number, long wanted) throws Exception {
        var node = state.nodes().get(number);
        long used = state.used(node.run());
        var terms = new LeaseRequest.Terms(Optional.empty(), CAP, true, 1);
        var request = new LeaseRequest(MONTH, terms, EDGE, Opening.NONE, used, wanted, Line.NONE);
        var after = after(state, "reserve " + node.run() + " " + used + " " + wanted, () -> {
            try {
                here.reserve(id(node.run()), request);
            } catch (FencedException fenced) {
                // Its lease shows that.
            }
        });
        var lease = Objects.requireNonNull(after.rows().leases().get(node.run()));
        next.add(
                after.with(number, lease.live() ? new Node(node.run(), lease.granted()) : new Node(node.run() + 2, 0)));
        if (state.faults() > 0) {
            next.add(after.afterFault().with(number, new Node(node.run(), Math.min(node.granted(), wanted))));
        }
    }

    /** Requests that ended are in the journal; what those that run cost is never known. */
    private static ModelState killed(ModelState state, int number) {
        int run = state.nodes().get(number).run();
        var after = state.with(number, new Node(run + 2, 0));
        for (int i = 0; i < state.requests().size(); i++) {
            var request = state.requests().get(i);
            if (ModelState.NODES.get(i) == number && request.step() == Step.RUNS) {
                after = after.with(i, new Request(Step.LOST, request.run()));
            }
        }
        return after;
    }

    /** Of a run that was killed, or as a false alarm; and again, since the reply may be lost. */
    private void reap(ModelState state, int run) throws Exception {
        var lease = state.rows().leases().get(run);
        boolean falseAlarm = lease != null && lease.live() && state.lives(run);
        if (lease != null && (!falseAlarm || state.faults() > 0)) {
            var after = after(state, "reap " + run, () -> here.leases().reap(id(run)));
            next.add(falseAlarm ? after.afterFault() : after);
        }
    }

    /** After the next start of a node that was killed has stored all rows, before or after a reaping, and again. */
    private void giveBack(ModelState state, int run) throws Exception {
        boolean stored = state.requests().stream()
                .noneMatch(request -> request.run() == run && UNSTORED.contains(request.step()));
        if (state.rows().leases().containsKey(run) && !state.lives(run) && stored) {
            long held = state.sum(request -> request.run() == run && request.step() == Step.LOST);
            var after = after(
                    state,
                    "give back " + run + " " + held,
                    () -> Settling.giveBack(here.transactions(), id(run), Map.of(MONTH, held)));
            assertThat(Objects.requireNonNull(after.rows().leases().get(run)).unknown())
                    .as("%s", state)
                    .isLessThanOrEqualTo(held);
            next.add(after);
        }
    }

    private ModelState after(ModelState state, String name, Work work) throws Exception {
        var transition = new Transition(state.rows(), state.charges(), name);
        var known = done.get(transition);
        if (known == null) {
            known = rows(transition, work);
            done.put(transition, known);
        }
        return new ModelState(known, state.nodes(), state.requests(), state.faults());
    }

    private Rows rows(Transition transition, Work work) throws Exception {
        here.inTransaction(handle -> write(handle, transition));
        work.run();
        BudgetCheck.agrees(h2.database());
        var leases = new TreeMap<Integer, LeaseRow>();
        here.inTransaction(handle -> {
            var periods = LockedPeriods.lock(handle, List.of(MONTH));
            for (int run = 0; run < RUNS; run++) {
                var lease = periods.leases(id(run)).get(MONTH);
                if (lease != null) {
                    leases.put(run, lease);
                }
            }
        });
        return new Rows(here.period(MONTH), leases);
    }

    private static void write(Handle handle, Transition transition) throws SQLException {
        handle.execute("DELETE FROM warder_lease");
        handle.execute("DELETE FROM warder_charge");
        var periods = LockedPeriods.lock(handle, List.of(MONTH));
        transition
                .before()
                .leases()
                .values()
                .forEach(lease -> periods.replace(periods.make(lease.run(), MONTH), lease));
        periods.put(transition.before().period());
        periods.write();
        Settling.insert(handle, transition.charges());
    }

    private static UUID id(int number) {
        return new UUID(number, number);
    }

    /**
     * A state of the search in {@link LeaseModelTest}: what is in the database, and what two nodes know. Immutable.
     *
     * @param nodes what each node knows
     * @param requests each with the run that admitted it
     * @param faults how many kills, false alarms and lost replies there may still be
     */
    private record ModelState(Rows rows, List<Node> nodes, List<Request> requests, int faults) {
        static final long HOLD = 2;

        /** What a request costs at most is what it holds. */
        static final List<Long> COSTS = List.of(1L, 2L, 2L);

        /** The node of each request. */
        static final List<Integer> NODES = List.of(0, 0, 1);

        static ModelState first() {
            var request = new Request(Step.NEW, -1);
            var terms = new LeaseRequest.Terms(Optional.empty(), 0, false, 0);
            return new ModelState(
                    new Rows(new PeriodRow(MONTH, terms, false, 0, 0, 0, 0), Map.of()),
                    List.of(new Node(0, 0), new Node(1, 0)),
                    List.of(request, request, request),
                    FAULTS);
        }

        boolean lives(int run) {
            return nodes.stream().anyMatch(node -> node.run() == run);
        }

        Charge charge(int number) {
            return new Charge(new UUID(-1, number), 0, id(requests.get(number).run()), MONTH, COSTS.get(number));
        }

        List<Charge> charges() {
            return IntStream.range(0, requests.size())
                    .filter(i -> requests.get(i).isStored())
                    .mapToObj(this::charge)
                    .toList();
        }

        /** What a run has spent and holds. */
        long used(int run) {
            return sum(request -> request.run() == run && request.step() != Step.LOST);
        }

        /** The most that these requests have spent upstream: what one that did not end cost is not known. */
        long sum(Predicate<Request> which) {
            long sum = 0;
            for (int i = 0; i < requests.size(); i++) {
                var request = requests.get(i);
                if (which.test(request)) {
                    sum += switch (request.step()) {
                        case NEW -> 0;
                        case RUNS, LOST -> HOLD;
                        case ENDED, STORED, UNCONFIRMED -> COSTS.get(i);
                    };
                }
            }
            return sum;
        }

        ModelState with(int node, Node changed) {
            var all = new ArrayList<>(nodes);
            all.set(node, changed);
            return new ModelState(rows, all, requests, faults);
        }

        ModelState with(int request, Request changed) {
            var all = new ArrayList<>(requests);
            all.set(request, changed);
            return new ModelState(rows, nodes, all, faults);
        }

        /** After one more fault. */
        ModelState afterFault() {
            return new ModelState(rows, nodes, requests, faults - 1);
        }
    }

    /** A node with the number of its run, and what that run was granted as far as the node knows. */
    private record Node(int run, long granted) {}

    /** Where a request is in its life. */
    private enum Step {
        NEW,
        RUNS,
        ENDED,
        STORED,
        /** Its row is stored, but the reply was lost, so that it will be stored again. */
        UNCONFIRMED,
        /** Its node was killed before its cost was known. */
        LOST
    }

    /** A request, admitted by a run. */
    private record Request(Step step, int run) {
        boolean isStored() {
            return step == Step.STORED || step == Step.UNCONFIRMED;
        }
    }
}
