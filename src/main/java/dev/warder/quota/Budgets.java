package dev.warder.quota;

import dev.warder.gate.Gate;
import dev.warder.ledger.lease.LeaseStore;
import dev.warder.ledger.lease.LiveNodes;
import dev.warder.ledger.lease.Opening;
import dev.warder.ledger.store.ChargeLookup;
import dev.warder.ledger.store.HoldLog;
import dev.warder.policy.Budget;
import dev.warder.policy.BudgetMode;
import dev.warder.policy.BudgetTerms;
import dev.warder.policy.Policy;
import dev.warder.policy.Principal;
import dev.warder.quota.LeaseKeeper.LeaseEvents;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The budgets of this node: has their gate and their threads, and reports to the ledger what requests are charged to.
 * Thread-safe; no method waits, except for {@link #close}.
 */
public final class Budgets implements AutoCloseable {
    /** A lease that is new, or too small at the moment, is no reason for a refusal: that long all requests wait for one. */
    private static final Duration LEAST_WAIT = Duration.ofMillis(500);

    private static final int MOST_SHOWN = 50;

    private final BudgetSettings settings;
    private final Bounds bounds;
    private final Surroundings around;
    private final Supplier<Policy> policy;
    private final Accounts accounts;
    private final LineServer line;
    private final LeaseKeeper keeper;
    private final Thresholds thresholds;
    private final ClockWatch clockWatch;
    private final BudgetCounts counts = new BudgetCounts();
    private final RecentEvents events;
    private final ChargedRequests requests;

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
        this.policy = policy;
        events = new RecentEvents(around.clock());
        var run = UUID.randomUUID();
        accounts = new Accounts(run, around.mostBytes(), around.nanoTime());
        clockWatch = new ClockWatch(around.clock(), counts.clockJumps()::increment);
        thresholds = new Thresholds(store, around.clock(), around.notifications());
        var longest = settings.longestWait().compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : settings.longestWait();
        line = new LineServer(() -> accounts.serve(longest), around.threads(), around.nanoTime());
        keeper = new LeaseKeeper(
                store, run, accounts, this::opening, new KeeperEvents(), around.threads(), around.nanoTime());
        requests = new ChargedRequests(accounts, keeper, line, counts);
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

    public Gate gate(HoldLog log) {
        var refusals = new CountedRefusals(settings.contact(), around.clock(), counts, events);
        var charging = new BudgetGate.Charging(accounts, keeper, requests, bounds, refusals, log, around.nanoTime());
        return new BudgetGate(settings.longestWait(), settings.chargesProfiles(), charging, around.clock(), policy);
    }

    /** The budgets that open requests are charged to, for the ledger. */
    public ChargeLookup charges() {
        return requests;
    }

    public BudgetCounts counts() {
        return counts;
    }

    public NodeBudgets node() {
        return new NodeBudgets(
                accounts.run(),
                accounts.views().stream().map(AccountView::line).toList(),
                accounts.waiting(MOST_SHOWN),
                accounts.waiting(),
                events.all());
    }

    public int waiting() {
        return accounts.waiting();
    }

    /** Whether the database was not reached since the start: no request can be admitted that a budget limits. */
    public boolean isWaitingForDatabase() {
        return !keeper.isStarted() && policy.get().enforces();
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

    List<AccountView> views() {
        return accounts.views();
    }

    long looks() {
        return keeper.looks();
    }

    /**
     * The rows of the ledger that a budget begins with if it is new in the middle of its period. A budget of a session
     * begins with nothing, because ids of sessions are the clients' choice and have no index.
     */
    private Opening opening(ChargedBudget charged) {
        Budget budget = charged.budget();
        return switch (budget.scope()) {
            case ORGANIZATION -> Opening.ALL;
            case CLIENT -> Opening.ofClients(Set.of(budget.name()));
            case TEAM ->
                clients(each -> each.membership()
                        .payer()
                        .filter(team -> team.name().equals(budget.name()))
                        .isPresent());
            case TAG -> clients(each -> each.tags().contains(budget.name()));
            case MODEL -> Opening.ofModels(model -> policy.get().chargesModel(budget, model));
            case SESSION -> Opening.NONE;
        };
    }

    private Opening clients(Predicate<Principal> included) {
        return Opening.ofClients(policy.get().principals().stream()
                .filter(included)
                .map(Principal::name)
                .collect(Collectors.toSet()));
    }

    /** Consequences of looks at the database. */
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
        }

        @Override
        public void after() {
            if (keeper.isAway()) {
                clockWatch.forget();
            }
            line.wake();
            thresholds.look(accounts.views(), keeper.isAway());
        }
    }

    /** The terms in one version of the policy for budgets that were charged under an older one. Immutable. */
    private static final class PolicyTerms {
        private final Policy policy;
        private final Map<String, Budget> byKey;

        PolicyTerms(Policy policy) {
            this.policy = policy;
            this.byKey = policy.budgetsByKey();
        }

        /** The same budget in the same window. One that is not in the policy any more limits nothing. */
        ChargedBudget of(ChargedBudget charged) {
            if (policy.version() <= charged.policyVersion()) {
                return charged;
            }
            var old = charged.budget();
            var terms = terms(charged).orElseGet(() -> withoutLimit(old.terms()));
            return new ChargedBudget(new Budget(old.scope(), old.name(), terms), charged.window(), policy.version());
        }

        private Optional<BudgetTerms> terms(ChargedBudget charged) {
            return charged.isOfSession()
                    ? policy.sessions().stream()
                            .filter(each ->
                                    each.period() == charged.budget().terms().period())
                            .findFirst()
                    : Optional.ofNullable(byKey.get(charged.budget().key())).map(Budget::terms);
        }

        private static BudgetTerms withoutLimit(BudgetTerms terms) {
            return new BudgetTerms(terms.nanos(), terms.period(), terms.zone(), BudgetMode.SHADOW, terms.onExhausted());
        }
    }

    /** Counts of the effects that budgets had on requests since the start. Thread-safe. */
    public record BudgetCounts(
            LongAdder waited, LongAdder refused, LongAdder cut, LongAdder exceeded, LongAdder clockJumps) {
        BudgetCounts() {
            this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
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
            UUID run, List<BudgetLine> used, List<WaitingRequest> waiting, int allWaiting, List<BudgetEvent> events) {}
}
