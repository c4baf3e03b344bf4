package dev.warder.ledger.lease;

import dev.warder.ledger.store.PeriodKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A state of the search in {@link LeaseModelTest}: what is in the database, and what two nodes know. Immutable.
 *
 * @param leases by the number of their run
 * @param nodes what each node knows
 * @param requests each with the run that admitted it
 * @param faults how many kills, false alarms and lost replies there may still be
 */
record ModelState(
        PeriodRow period, SortedMap<Integer, LeaseRow> leases, List<Node> nodes, List<Request> requests, int faults) {
    static final long HOLD = 2;

    /** What a request costs at most is what it holds. */
    static final List<Long> COSTS = List.of(1L, 2L, 2L);

    /** The node of each request. */
    static final List<Integer> NODES = List.of(0, 0, 1);

    /** A node with the number of its run, and what that run was granted as far as the node knows. */
    record Node(int run, long granted) {}

    /** Where a request is in its life. */
    enum Step {
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
    record Request(Step step, int run) {}

    ModelState {
        leases = Collections.unmodifiableSortedMap(new TreeMap<>(leases));
        nodes = List.copyOf(nodes);
        requests = List.copyOf(requests);
    }

    static ModelState first(PeriodKey key, int faults) {
        var request = new Request(Step.NEW, -1);
        return new ModelState(
                PeriodRow.of(key),
                new TreeMap<>(),
                List.of(new Node(0, 0), new Node(1, 0)),
                List.of(request, request, request),
                faults);
    }

    /** What a run has spent and holds. */
    long used(int run) {
        long used = 0;
        for (int i = 0; i < requests.size(); i++) {
            var request = requests.get(i);
            if (request.run() == run) {
                used += switch (request.step()) {
                    case RUNS -> HOLD;
                    case ENDED, STORED, UNCONFIRMED -> COSTS.get(i);
                    case NEW, LOST -> 0;
                };
            }
        }
        return used;
    }

    ModelState with(int node, Node changed) {
        var all = new ArrayList<>(nodes);
        all.set(node, changed);
        return new ModelState(period, leases, all, requests, faults);
    }

    ModelState with(int request, Request changed) {
        var all = new ArrayList<>(requests);
        all.set(request, changed);
        return new ModelState(period, leases, nodes, all, faults);
    }

    ModelState with(PeriodRow newPeriod, Map<Integer, LeaseRow> newLeases) {
        return new ModelState(newPeriod, new TreeMap<>(newLeases), nodes, requests, faults);
    }

    /** After one more fault. */
    ModelState afterFault() {
        return new ModelState(period, leases, nodes, requests, faults - 1);
    }

    /** The most that was spent upstream: what the requests of killed nodes cost is not known. */
    long mostSpent() {
        return sum(Step.RUNS, Step.LOST) + sum(Step.ENDED, Step.STORED, Step.UNCONFIRMED);
    }

    /** The sum of the requests in these steps. */
    long sum(Step... steps) {
        long sum = 0;
        for (int i = 0; i < requests.size(); i++) {
            var step = requests.get(i).step();
            if (List.of(steps).contains(step)) {
                sum += step == Step.RUNS || step == Step.LOST ? HOLD : COSTS.get(i);
            }
        }
        return sum;
    }
}
