package dev.warder.quota;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A request of an {@link InterleavedNode}, which takes one step at a time. */
final class InterleavedRequest implements InterleavedNode.Actor {
    private final InterleavedNode node;
    private final HoldRequest asked;
    private final Deque<Long> amounts;
    private final long cost;
    private final boolean patient;
    private Step step = Step.NEW;
    private Optional<Waiter> waiter = Optional.empty();
    private Optional<Hold> hold = Optional.empty();
    private int triesLeft = 2;
    private long held;
    private long spent;

    private enum Step {
        NEW,
        WAITS,
        WITHDRAWN,
        RUNS,
        ENDED,
        REFUSED,
        STORED
    }

    /**
     * Creates it.
     *
     * @param amounts what it holds instead, one after the other
     * @param cost not more than the last of them
     * @param patient whether it waits until a decision comes
     */
    InterleavedRequest(InterleavedNode node, HoldRequest asked, List<Long> amounts, long cost, boolean patient) {
        this.node = node;
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
            case NEW -> decided(node.admit(asked));
            case WAITS -> {
                if (isDecided()) {
                    decided(waiter.orElseThrow().decision.join());
                } else {
                    node.withdraw(waiter.orElseThrow());
                    step = Step.WITHDRAWN;
                }
            }
            case WITHDRAWN -> {
                decided(waiter.orElseThrow().decision.join());
                end(0);
            }
            case RUNS -> run();
            case ENDED -> {
                node.store(hold.orElseThrow(), spent());
                step = Step.STORED;
            }
            case REFUSED, STORED -> throw new IllegalStateException("it has ended");
        }
    }

    private void decided(Admission admission) {
        if (admission instanceof Admission.Held held) {
            hold = Optional.of(held.hold());
            this.held = asked.nanos();
            step = Step.RUNS;
        } else if (admission instanceof Admission.Waits waits) {
            waiter = Optional.of(waits.waiter());
            step = Step.WAITS;
        } else {
            step = Step.REFUSED;
        }
    }

    private void run() {
        if (amounts.isEmpty() || triesLeft == 0) {
            end(Math.min(cost, held));
        } else if (node.holdInstead(hold.orElseThrow(), amounts.element())) {
            held = amounts.remove();
        } else {
            triesLeft--;
        }
    }

    private void end(long nanos) {
        if (step == Step.RUNS) {
            spent = nanos;
            node.settle(hold.orElseThrow(), nanos);
            step = Step.ENDED;
        }
    }

    private boolean isDecided() {
        return waiter.orElseThrow().decision.isDone();
    }

    /** Whether nothing of it is open. */
    boolean hasEnded() {
        return step == Step.REFUSED || step == Step.STORED || step == Step.WITHDRAWN && !isDecided();
    }

    /** How it has ended. */
    String end() {
        return step.name();
    }

    /** What it holds of its budgets, from the moment of the decision. */
    long held() {
        return switch (step) {
            case RUNS -> held;
            case WAITS, WITHDRAWN -> node.wasAdmitted(waiter.orElseThrow()) ? asked.nanos() : 0;
            case NEW, ENDED, REFUSED, STORED -> 0;
        };
    }

    /** What it has cost. */
    long spent() {
        return spent;
    }

    /** Empty before its admission. */
    Optional<Hold> hold() {
        return hold.or(() -> waiter.map(each -> (Hold) each.claim));
    }
}
