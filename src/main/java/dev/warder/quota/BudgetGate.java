package dev.warder.quota;

import dev.warder.auth.Gate;
import dev.warder.auth.Inquiry;
import dev.warder.auth.Verdict;
import dev.warder.ledger.store.HoldLog;
import dev.warder.policy.Policy;
import dev.warder.quota.Accounts.HoldRequest;
import dev.warder.quota.Bounds.MeteredRequest;
import dev.warder.quota.Budgets.OpenRequest;
import dev.warder.quota.CountedRefusals.Asker;
import java.time.Duration;
import java.util.Optional;

/**
 * Admits a request when its budgets cover what it may cost at most until more is known. Where the rest of a budget is held by
 * other requests, it waits. Only requests with a credential of the operator are charged. Thread-safe.
 *
 * @param log notes what requests hold
 */
record BudgetGate(Budgets budgets, HoldLog log) implements Gate {
    private static final Duration LATER = Duration.ofSeconds(10);

    @Override
    public Duration maxWait() {
        return budgets.settings.longestWait().plus(LATER);
    }

    @Override
    public Verdict ask(Inquiry inquiry) {
        var entry = inquiry.client().entry();
        boolean isOthers =
                inquiry.ownCredential() || inquiry.costs().billsProfile() && !budgets.settings.chargesProfiles();
        if (isOthers || entry.isEmpty()) {
            return Verdict.granted();
        }
        if (inquiry.content().isPresent() && inquiry.call().runsModel()) {
            return admit(inquiry, entry.get());
        }
        return entry.filter(Policy.Entry::mayBeLimited)
                .flatMap(limited -> inquiry.refusalIfUnread("a budget"))
                .<Verdict>map(Verdict::refused)
                .orElseGet(Verdict::granted);
    }

    private Verdict admit(Inquiry inquiry, Policy.Entry entry) {
        var admitted = budgets.around.clock().instant();
        var model = inquiry.model();
        var session = inquiry.sessionId();
        var charged = ChargedBudget.of(entry, model, session, admitted);
        var spent = budgets.accounts.spent(charged);
        if (spent.isPresent()) {
            return Verdict.refused(budgets.refusals.notAdmitted(Asker.of(inquiry), spent.get()));
        }
        var request = budgets.bounds.metered(inquiry);
        var bound = budgets.bounds.of(inquiry, request, admitted);
        long nanos = bound.with(request.firstOutput());
        var asked = new HoldRequest(request.client(), session.orElse(""), charged, nanos, request.bytes());
        var admission = budgets.admit(asked);
        if (admission instanceof Admission.Waits waits) {
            var waiter = waits.waiter();
            return new Verdict.Later(
                    waiter.decision.thenApply(decided -> decision(decided, request, bound, entry, model)), () -> {
                        budgets.accounts.withdraw(waiter);
                        budgets.bounds.end(request);
                    });
        }
        return decision(admission, request, bound, entry, model);
    }

    private Verdict.Decision decision(
            Admission admission, MeteredRequest request, CostBound bound, Policy.Entry entry, Optional<String> model) {
        if (admission instanceof Admission.Held held) {
            var hold = held.hold();
            budgets.open.put(request.id(), new OpenRequest(hold, entry, model, bound.admitted()));
            var meter = new BudgetMeter(budgets, log, hold, bound, request);
            return new Verdict.Granted(Optional.of(() -> release(hold, request)), Optional.of(meter));
        }
        budgets.bounds.end(request);
        return Verdict.refused(budgets.refusals.notAdmitted(Asker.of(request), admission));
    }

    private void release(Hold hold, MeteredRequest request) {
        budgets.bounds.end(request);
        budgets.settle(hold, request, 0);
    }
}
