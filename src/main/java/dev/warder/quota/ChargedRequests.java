package dev.warder.quota;

import dev.warder.ledger.store.ChargeLookup;
import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.HeldAmount;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.Policy;
import dev.warder.policy.PolicyEntry;
import dev.warder.quota.Budgets.BudgetCounts;
import dev.warder.record.CompletedRequest;
import dev.warder.usage.UsageRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests that are charged to budgets, until their end: asks the accounts for what they need, and wakes the threads
 * that have something to do then. Thread-safe; no method waits.
 */
final class ChargedRequests implements ChargeLookup {
    private static final Logger LOG = LoggerFactory.getLogger(ChargedRequests.class);

    private final Accounts accounts;
    private final LeaseKeeper keeper;
    private final LineServer line;
    private final BudgetCounts counts;
    private final Map<String, OpenRequest> open = new ConcurrentHashMap<>();

    private record OpenRequest(Hold hold, AddedBudgets added) {}

    ChargedRequests(Accounts accounts, LeaseKeeper keeper, LineServer line, BudgetCounts counts) {
        this.accounts = accounts;
        this.keeper = keeper;
        this.line = line;
        this.counts = counts;
    }

    @Override
    public Optional<Charged> charged(String requestId) {
        return Optional.ofNullable(open.get(requestId))
                .map(request -> accounts.charged(request.hold, request.added.now()))
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

    void begin(Hold hold, MeteredRequest request, AddedBudgets added) {
        open.put(request.id(), new OpenRequest(hold, added));
    }

    List<AccountView> hold(Hold hold, long nanos) {
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
        long nanos = completed.usage().stream()
                .map(UsageRow::cost)
                .mapToLong(cost -> cost.nanos())
                .sum();
        long over = settle(hold, request, nanos);
        if (over > 0) {
            counts.exceeded().increment();
            LOG.warn(
                    "The request {} has cost more than its budgets held for it, by {} nano-dollars",
                    request.id(),
                    over);
        }
    }

    /** A request has ended, and what it has cost is not known: it is charged what it holds. */
    void settleHeld(Hold hold, MeteredRequest request) {
        settle(hold, request, hold.nanos());
    }

    /** A request is not going to run. Has no effect on one that has ended. */
    void release(Hold hold, MeteredRequest request) {
        settle(hold, request, 0);
    }

    private long settle(Hold hold, MeteredRequest request, long nanos) {
        long over = accounts.settle(hold, nanos);
        open.remove(request.id());
        wakeLine();
        return over;
    }

    /**
     * Budgets of a policy that is newer than the admission of a request charged to them.
     *
     * @param policy gives the policy in use
     * @param entry of the admission
     * @param model the model that is asked upstream
     */
    record AddedBudgets(Supplier<Policy> policy, PolicyEntry entry, Optional<String> model, Instant admitted) {
        /**
         * The budgets by the policy in use; none while that is the one of the admission. Those of sessions begin with
         * nothing.
         */
        List<ChargedBudget> now() {
            var current = policy.get();
            if (current.version() == entry.version()) {
                return List.of();
            }
            return current.principals().stream()
                    .filter(each -> each.name().equals(entry.principal().name()))
                    .flatMap(client -> current.budgets(client, model, entry.tags(), Optional.empty()).stream())
                    .filter(each -> each.scope() != BudgetScope.SESSION)
                    .map(each -> new ChargedBudget(each, each.terms().windowAt(admitted), current.version()))
                    .toList();
        }
    }
}
