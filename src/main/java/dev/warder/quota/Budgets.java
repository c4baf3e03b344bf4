package dev.warder.quota;

import dev.warder.auth.Gate;
import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.HeldAmount;
import dev.warder.ledger.store.HoldLog;
import dev.warder.ledger.store.LeaseStore;
import dev.warder.policy.Policy;
import dev.warder.quota.Accounts.HoldRequest;
import dev.warder.quota.Bounds.MeteredRequest;
import dev.warder.quota.BudgetReport.WaitingRequest;
import dev.warder.quota.CountedRefusals.RecentEvents;
import dev.warder.record.CompletedRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The budgets of this node: has their gate and their threads, and the requests that are charged to them until their end. Asks the
 * accounts for what requests need, wakes the threads that have something to do then, and reports to the ledger what requests are
 * charged to. Thread-safe; no method waits, except for {@link #close}.
 */
public final class Budgets implements Charged.Lookup, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Budgets.class);

    /** A lease that is new, or too small at the moment, is no reason for a refusal: that long all requests wait for one. */
    private static final Duration LEAST_WAIT = Duration.ofMillis(500);

    private static final int MOST_SHOWN = 50;

    final BudgetSettings settings;
    final Bounds bounds;
    final Surroundings around;
    final BudgetPolicy policy;
    final Accounts accounts;
    final LeaseKeeper keeper;
    final CountedRefusals refusals;
    private final WaitingLine.Server line;
    private final Thresholds thresholds;
    private final BudgetCounts counts = new BudgetCounts();
    final Map<String, OpenRequest> open = new ConcurrentHashMap<>();

    /** The version of the policy whose terms the accounts have; for the keeper's thread. */
    private long adopted;

    /**
     * A request that was admitted, and has not ended.
     *
     * @param model the model that is asked upstream
     */
    record OpenRequest(Hold hold, Policy.Entry entry, Optional<String> model, Instant admitted) {}

    /**
     * Creates them; nothing is read from the stores before {@link #start}.
     *
     * @param policy gives the policy in use
     */
    public Budgets(
            BudgetSettings settings, Bounds bounds, LeaseStore store, Supplier<Policy> policy, Surroundings around) {
        this.settings = settings;
        this.bounds = bounds;
        this.around = around;
        this.policy = new BudgetPolicy(policy);
        refusals = new CountedRefusals(settings.contact(), around.clock(), counts, new RecentEvents(around.clock()));
        accounts = new Accounts(UUID.randomUUID(), around.mostBytes(), around.nanoTime());
        thresholds = new Thresholds(store, around.clock(), around.notifications());
        var longest = settings.longestWait().compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : settings.longestWait();
        line = new WaitingLine.Server(() -> accounts.serve(longest), around.threads(), around.nanoTime());
        keeper = new LeaseKeeper(
                store,
                accounts,
                this.policy::opening,
                around.clock(),
                this::adoptPolicy,
                this::leasesChanged,
                around.threads());
    }

    /**
     * Starts the threads.
     *
     * @param node the name of this node, which no other one has at the same time
     */
    public void start(String node) {
        line.start();
        keeper.start(node);
    }

    /** @param log notes what requests hold */
    public Gate gate(HoldLog log) {
        return new BudgetGate(this, log);
    }

    /** The budgets that open requests are charged to, for the ledger. */
    public Charged.Lookup charges() {
        return this;
    }

    public BudgetCounts counts() {
        return counts;
    }

    public NodeBudgets node() {
        return new NodeBudgets(
                accounts.run(),
                accounts.views().stream().map(Account.View::line).toList(),
                accounts.waiting(MOST_SHOWN),
                accounts.waiting(),
                refusals.events().all());
    }

    public int waiting() {
        return accounts.waiting();
    }

    /** Whether the database was not reached since the start: no request can be admitted that a budget limits. */
    public boolean isWaitingForDatabase() {
        return !keeper.isStarted() && policy.current().get().enforces();
    }

    public boolean isDatabaseAway() {
        return keeper.isAway();
    }

    /** Gives back what is left. To be called after the last request has ended and its rows are stored. */
    @Override
    public void close() {
        line.close();
        keeper.close();
    }

    @Override
    public Optional<Charged> charged(String requestId) {
        return Optional.ofNullable(open.get(requestId))
                .map(request -> accounts.charged(request.hold, policy.added(request)))
                .filter(charged -> !charged.periods().isEmpty());
    }

    @Override
    public Optional<HeldAmount> held(String requestId) {
        return Optional.ofNullable(open.get(requestId))
                .map(OpenRequest::hold)
                .filter(Hold::isLimited)
                .map(Hold::held);
    }

    Admission admit(HoldRequest request) {
        var admission = accounts.admit(request);
        if (admission instanceof Admission.Waits) {
            counts.waited().increment();
            keeper.ask();
            line.wake();
        }
        return admission;
    }

    /** Changes what a request holds, or returns the budgets that have not enough for it. */
    List<Account.View> hold(Hold hold, long nanos) {
        boolean less = nanos < hold.nanos();
        var lacking = accounts.holdInstead(hold, nanos);
        if (!lacking.isEmpty()) {
            keeper.ask();
        } else if (less) {
            wakeLine();
        }
        return lacking;
    }

    /** Something is free now. One that begins to wait later wakes the line itself. */
    private void wakeLine() {
        if (accounts.waiting() > 0) {
            line.wake();
        }
    }

    void settle(Hold hold, MeteredRequest request, CompletedRequest completed) {
        long nanos =
                completed.usage().stream().mapToLong(row -> row.cost().nanos()).sum();
        long over = settle(hold, request, nanos);
        if (over > 0) {
            counts.exceeded().increment();
            LOG.warn(
                    "The request {} has cost more than its budgets held for it, by {} nano-dollars",
                    request.id(),
                    over);
        }
    }

    /**
     * A request has ended. Has no effect on one that has ended before.
     *
     * @param nanos its cost, or what it holds if that is not known, or 0 if it did not run
     * @return by how much that is more than it held
     */
    long settle(Hold hold, MeteredRequest request, long nanos) {
        long over = accounts.settle(hold, nanos);
        open.remove(request.id());
        wakeLine();
        return over;
    }

    private void adoptPolicy() {
        var current = policy.current().get();
        if (current.version() > adopted) {
            adopted = current.version();
            accounts.adopt(BudgetPolicy.termsOf(current));
        }
    }

    private void leasesChanged() {
        line.wake();
        thresholds.look(accounts.views(), keeper.isAway());
    }

    /** Counts of the effects that budgets had on requests since the start. Thread-safe. */
    public record BudgetCounts(LongAdder waited, LongAdder refused, LongAdder cut, LongAdder exceeded) {
        BudgetCounts() {
            this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
        }
    }

    /**
     * This node's numbers, known without the database. Immutable.
     *
     * @param run identifies this start of the node
     * @param used the budgets that it has used lately, with the numbers that it got from the database last
     * @param waiting the requests that wait here, those first that have waited longest; not all if there are many
     * @param allWaiting how many wait
     * @param events what happened last, the newest first; not all if there were many
     */
    public record NodeBudgets(
            UUID run,
            List<BudgetLine> used,
            List<WaitingRequest> waiting,
            int allWaiting,
            List<BudgetReport.Event> events) {}

    /**
     * The surroundings of budgets in their process.
     *
     * @param threads makes their threads, which end with {@link Budgets#close}
     * @param clock the time of day
     * @param nanoTime a clock that never goes back, in nanoseconds
     * @param mostBytes the most memory that bodies of waiting requests may keep, except for large ones that wait for seconds
     * @param notifications receives each threshold of a budget that this node is to report; must neither wait nor throw
     */
    public record Surroundings(
            ThreadFactory threads,
            InstantSource clock,
            LongSupplier nanoTime,
            long mostBytes,
            Consumer<Thresholds.Reached> notifications) {}
}
