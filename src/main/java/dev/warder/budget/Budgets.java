package dev.warder.budget;

import dev.warder.budget.bound.BoundStore;
import dev.warder.budget.lease.LeaseStore;
import dev.warder.budget.lease.LiveNodes;
import dev.warder.budget.reply.BudgetRefusal;
import dev.warder.budget.reply.BudgetWarning;
import dev.warder.budget.report.BudgetEvent.What;
import dev.warder.budget.report.NodeBudgets;
import dev.warder.gate.Gate;
import dev.warder.gate.Inquiry;
import dev.warder.gate.Verdict;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.ledger.store.ChargeLookup;
import dev.warder.ledger.store.Charged;
import dev.warder.policy.OnExhausted;
import dev.warder.policy.Policy;
import dev.warder.policy.PolicyEntry;
import dev.warder.prices.PriceSettings;
import dev.warder.record.CompletedRequest;
import dev.warder.usage.OutputRate;
import dev.warder.usage.UsageRow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The budgets of this node: admits requests, follows what they cost, and reports to the ledger what they are charged to.
 * Thread-safe; no method waits, except for {@link #close}.
 */
public final class Budgets implements ChargeLookup, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Budgets.class);

    /** A lease that is new, or too small at the moment, is no reason for a refusal: that long all requests wait for one. */
    private static final Duration LEAST_WAIT = Duration.ofMillis(500);

    /** Requests that an administrator is shown. */
    private static final int MOST_SHOWN = 50;

    private final BudgetSettings settings;
    private final Bounds bounds;
    private final Surroundings around;
    private final Supplier<Policy> policy;
    private final Accounts accounts;
    private final Admissions admissions;
    private final Holds holds;
    private final LineServer line;
    private final LeaseKeeper keeper;
    private final BoundKeeper boundKeeper;
    private final Thresholds thresholds;
    private final GraceLog graceLog;
    private final ClockWatch clockWatch;
    private final BudgetCounts counts = new BudgetCounts();
    private final RecentEvents events;
    private final Map<String, Charged> open = new ConcurrentHashMap<>();

    /**
     * Creates them; nothing is read from the stores before {@link #start}.
     *
     * @param mostBytes the most memory that waiting requests may keep
     * @param policy gives the policy in use
     */
    public Budgets(
            BudgetSettings settings,
            PriceSettings prices,
            LeaseStore store,
            BoundStore boundStore,
            long mostBytes,
            Supplier<Policy> policy,
            OutputRate rate,
            Surroundings around) {
        this.settings = settings;
        var learned = new LearnedBounds(around.nanoTime());
        this.bounds = new Bounds(prices, settings.wholeReplies(), rate, learned);
        this.around = around;
        this.policy = policy;
        events = new RecentEvents(around.clock());
        var run = UUID.randomUUID();
        accounts = new Accounts(run, new Grace(settings.graceNanos()), around.nanoTime());
        admissions = new Admissions(accounts, mostBytes);
        holds = new Holds(accounts);
        graceLog = new GraceLog(settings.graceNanos(), accounts::usedGrace);
        clockWatch = new ClockWatch(around.clock(), counts::clockJumped);
        thresholds = new Thresholds(store, around.clock(), around.notifications());
        var longest = settings.longestWait().compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : settings.longestWait();
        line = new LineServer(() -> admissions.serve(longest), around.threads(), around.nanoTime());
        var openings = new Openings(policy);
        var leases = new AccountLeases(accounts);
        keeper = new LeaseKeeper(
                store, run, leases, openings::of, new KeeperEvents(), around.threads(), around.nanoTime());
        boundKeeper = new BoundKeeper(boundStore, learned, around.threads(), around.nanoTime());
    }

    /**
     * Starts the threads.
     *
     * @param node the name of this node, which no other one has at the same time
     */
    public void start(String node) {
        line.start();
        keeper.start(node);
        boundKeeper.start();
    }

    /** The gate that admits requests. */
    public Gate gate() {
        return new BudgetGate(this);
    }

    @Override
    public Optional<Charged> charged(String requestId) {
        return Optional.ofNullable(open.get(requestId));
    }

    /** What was counted since the start. */
    public BudgetCounts counts() {
        return counts;
    }

    /** What an administrator may see of this node. */
    public NodeBudgets node() {
        return new NodeBudgets(
                accounts.run(),
                accounts.views().stream().map(AccountView::line).toList(),
                admissions.waiting(MOST_SHOWN),
                admissions.waiting(),
                events.all());
    }

    /** How many nano-dollars of {@code budget.grace} requests hold or have spent that the database has not reserved yet. */
    public long usedGrace() {
        return accounts.usedGrace();
    }

    /** How many requests wait now. */
    public int waiting() {
        return admissions.waiting();
    }

    /** Whether the database was not reached since the start: no request can be admitted that a budget limits. */
    public boolean isWaitingForDatabase() {
        return !keeper.isStarted() && policy.get().enforces();
    }

    /** Whether the database could not be used at the last attempt. */
    public boolean isDatabaseAway() {
        return keeper.isAway();
    }

    /** Gives back what is left. To be called after the last request has ended and its rows are stored. */
    @Override
    public void close() {
        line.close();
        keeper.close();
        boundKeeper.close();
    }

    /** The numbers of each budget that this node has used lately. */
    List<AccountView> views() {
        return accounts.views();
    }

    Duration longestWait() {
        return settings.longestWait();
    }

    long now() {
        return around.nanoTime().getAsLong();
    }

    /** Asks for a request with a body that was read. */
    Verdict admit(Inquiry inquiry, PolicyEntry entry) {
        var admitted = around.clock().instant();
        var charged = ChargedBudget.of(entry, inquiry.model(), inquiry.sessionId(), admitted);
        if (charged.isEmpty()) {
            return Verdict.granted();
        }
        var request = bounds.metered(inquiry);
        var bound = bounds.of(inquiry, request, admitted);
        long nanos = bound.with(bound.prompt(), request.firstOutput());
        var asked = new HoldRequest(request.client(), inquiry.sessionId().orElse(""), charged, nanos, request.bytes());
        var admission = admissions.admit(asked);
        if (admission instanceof Admission.Waits waits) {
            counts.waited();
            keeper.ask();
            line.wake();
            var waiter = waits.waiter();
            return new Verdict.Later(
                    waiter.decision().thenApply(decided -> decision(decided, request, bound)),
                    () -> withdraw(waiter, request));
        }
        return decision(admission, request, bound);
    }

    /** See {@link Holds#holdInstead}. */
    List<AccountView> hold(Hold hold, long nanos) {
        boolean less = nanos < hold.nanos();
        var lacking = holds.holdInstead(hold, nanos);
        if (!lacking.isEmpty()) {
            keeper.ask();
        } else if (less) {
            line.wake();
        }
        return lacking;
    }

    /** See {@link Holds#holdFromGrace}. */
    boolean holdFromGrace(Hold hold, long nanos) {
        return holds.holdFromGrace(hold, nanos);
    }

    /** See {@link Holds#holdAnyway}. */
    void holdAnyway(Hold hold, long nanos) {
        holds.holdAnyway(hold, nanos);
    }

    /** A number that grows by two when the database was asked for all that requests lacked before. */
    long looks() {
        return keeper.looks();
    }

    /** The refusal of a further try. */
    ErrorReply noFurtherTry(MeteredRequest request, List<AccountView> lacking) {
        counts.refused();
        events.add(request, lacking, What.NO_FURTHER_TRY);
        var spent = lacking.stream()
                .filter(AccountView::isUsedUp)
                .map(AccountView::status)
                .toList();
        return spent.isEmpty()
                ? BudgetRefusal.waitedTooLong(lacking.get(0).status())
                : refusals(request).spent(spent, around.clock().instant());
    }

    /** The error that ends a response; empty if responses may finish under all budgets that have not enough. */
    Optional<ErrorReply> cut(MeteredRequest request, List<AccountView> lacking) {
        var cutting = lacking.stream()
                .filter(each -> each.terms().budget().terms().onExhausted() == OnExhausted.CUT)
                .toList();
        if (cutting.isEmpty()) {
            return Optional.empty();
        }
        counts.cut();
        events.add(request, cutting, What.CUT);
        var statuses = cutting.stream().map(AccountView::status).toList();
        return Optional.of(refusals(request).tooSmall(statuses, around.clock().instant()));
    }

    /** See {@link Bounds#learnPrompt}. */
    void learnPrompt(MeteredRequest request, long tokens) {
        bounds.learnPrompt(request, tokens);
    }

    /** See {@link Bounds#learnResponse}. */
    void learnResponse(MeteredRequest request, long tokens, long nanos) {
        bounds.learnResponse(request, tokens, nanos);
    }

    /** The fields that warn a client. */
    List<Field> warnings(Hold hold, MeteredRequest request) {
        return BudgetWarning.fields(holds.statuses(hold), request.dialect());
    }

    /** A request has ended. */
    void settle(Hold hold, MeteredRequest request, CompletedRequest completed) {
        long nanos = completed.usage().stream()
                .map(UsageRow::cost)
                .filter(cost -> cost.billed())
                .mapToLong(cost -> cost.nanos())
                .sum();
        long over = holds.settle(hold, nanos);
        open.remove(request.id());
        if (over > 0) {
            counts.exceeded();
            LOG.warn(
                    "The request {} has cost more than its budgets held for it, by {} nano-dollars",
                    request.id(),
                    over);
        }
        line.wake();
    }

    /** What follows from exchanges with the database. */
    private final class KeeperEvents implements LeaseEvents {
        private long adopted;

        @Override
        public void before() {
            var current = policy.get();
            if (current.version() > adopted) {
                adopted = current.version();
                accounts.adopt(new PolicyTerms(current)::of);
            }
        }

        @Override
        public void beat(LiveNodes live, long asked, long received) {
            clockWatch.beat(live.databaseTime(), asked, received);
            graceLog.beat(Math.max(1, live.count()));
        }

        @Override
        public void after() {
            if (keeper.isAway()) {
                clockWatch.forget();
            }
            graceLog.looked(keeper.isAway());
            line.wake();
            if (keeper.isStarted()) {
                boundKeeper.allow();
            }
            thresholds.look(accounts.views(), keeper.isAway());
        }

        @Override
        public void opened() {
            line.wake();
        }
    }

    private Verdict.Decision decision(Admission admission, MeteredRequest request, CostBound bound) {
        if (admission instanceof Admission.Held held) {
            open.put(request.id(), held.hold().charged());
            var meter = new BudgetMeter(this, held.hold(), bound, request);
            return new Verdict.Granted(Optional.of(() -> release(held.hold(), request)), Optional.of(meter));
        }
        bounds.end(request);
        counts.refused();
        events.refused(request, admission);
        return Verdict.refused(refusal(admission, request));
    }

    private void withdraw(Waiter waiter, MeteredRequest request) {
        admissions.withdraw(waiter);
        bounds.end(request);
    }

    /** Has no effect on a request whose meter has ended. */
    private void release(Hold hold, MeteredRequest request) {
        bounds.end(request);
        holds.settle(hold, 0);
        open.remove(request.id());
        line.wake();
    }

    private ErrorReply refusal(Admission admission, MeteredRequest request) {
        var refusals = refusals(request);
        if (admission instanceof Admission.Spent spent) {
            var status = List.of(spent.account().status());
            var now = around.clock().instant();
            return spent.account().isUsedUp() ? refusals.spent(status, now) : refusals.tooSmall(status, now);
        } else if (admission instanceof Admission.Waited waited) {
            return BudgetRefusal.waitedTooLong(waited.account().status());
        } else if (admission instanceof Admission.LineIsFull full) {
            return BudgetRefusal.lineFull(full.account().status());
        } else if (admission instanceof Admission.TooManySessions) {
            return ErrorReply.rateLimited("The client has too many sessions at the same time.", 5);
        }
        return BudgetRefusal.storeAway();
    }

    private BudgetRefusal refusals(MeteredRequest request) {
        return new BudgetRefusal(request.dialect(), settings.contact());
    }
}
