package dev.warder.quota;

import dev.warder.gate.Gate;
import dev.warder.gate.Inquiry;
import dev.warder.gate.UncollectedPath;
import dev.warder.gate.Verdict;
import dev.warder.http.ErrorReply;
import dev.warder.ledger.store.HoldLog;
import dev.warder.policy.Policy;
import dev.warder.policy.PolicyEntry;
import dev.warder.quota.CountedRefusals.Asker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Admits a request when its budgets cover what it may cost at most until more is known. Where the rest of a budget is held by
 * other requests, it waits. Only requests with a credential of the operator are charged. Thread-safe.
 *
 * @param longestWait how long a request may wait in the line
 * @param chargesProfiles whether what the customer behind a user profile is billed counts too
 * @param policy gives the policy in use
 */
record BudgetGate(
        Duration longestWait, boolean chargesProfiles, Charging charging, InstantSource clock, Supplier<Policy> policy)
        implements Gate {
    private static final Duration LATER = Duration.ofSeconds(10);

    /**
     * The common parts of the gate and its meters.
     *
     * @param log notes what requests hold
     * @param nanoTime a clock that never goes back
     */
    record Charging(
            Accounts accounts,
            LeaseKeeper keeper,
            ChargedRequests requests,
            Bounds bounds,
            CountedRefusals refusals,
            HoldLog log,
            LongSupplier nanoTime) {}

    @Override
    public Needs needs() {
        return Needs.BODY;
    }

    @Override
    public Duration maxWait() {
        return longestWait.plus(LATER);
    }

    @Override
    public Verdict ask(Inquiry inquiry) {
        var entry = inquiry.client().entry();
        boolean isOthers = inquiry.ownCredential() || inquiry.costs().billsProfile() && !chargesProfiles;
        if (isOthers || entry.isEmpty()) {
            return Verdict.granted();
        }
        return inquiry.content().isPresent() && inquiry.call().runsModel()
                ? admit(inquiry, entry.get())
                : unread(inquiry, entry.get());
    }

    private static Verdict unread(Inquiry inquiry, PolicyEntry entry) {
        Optional<ErrorReply> refusal =
                entry.mayBeLimited() ? UncollectedPath.refusal(inquiry.call(), "a budget") : Optional.empty();
        return refusal.<Verdict>map(Verdict::refused).orElseGet(Verdict::granted);
    }

    private Verdict admit(Inquiry inquiry, PolicyEntry entry) {
        var admitted = clock.instant();
        var charged = ChargedBudget.of(entry, inquiry.model(), inquiry.sessionId(), admitted);
        var spent = charging.accounts().spent(charged);
        if (spent.isPresent()) {
            return Verdict.refused(charging.refusals().notAdmitted(Asker.of(inquiry), spent.get()));
        }
        var request = charging.bounds().metered(inquiry);
        var bound = charging.bounds().of(inquiry, request, admitted);
        long nanos = bound.with(request.firstOutput());
        var asked = new HoldRequest(request.client(), inquiry.sessionId().orElse(""), charged, nanos, request.bytes());
        var added = new ChargedRequests.AddedBudgets(policy, entry, inquiry.model(), admitted);
        var admission = charging.requests().admit(asked);
        if (admission instanceof Admission.Waits waits) {
            var waiter = waits.waiter();
            return new Verdict.Later(
                    waiter.decision.thenApply(decided -> decision(decided, request, bound, added)),
                    () -> withdraw(waiter, request));
        }
        return decision(admission, request, bound, added);
    }

    private Verdict.Decision decision(
            Admission admission, MeteredRequest request, CostBound bound, ChargedRequests.AddedBudgets added) {
        if (admission instanceof Admission.Held held) {
            var hold = held.hold();
            charging.requests().begin(hold, request, added);
            var meter = new BudgetMeter(charging, hold, bound, request);
            return new Verdict.Granted(Optional.of(() -> release(hold, request)), Optional.of(meter));
        }
        charging.bounds().end(request);
        return Verdict.refused(charging.refusals().notAdmitted(Asker.of(request), admission));
    }

    private void withdraw(Waiter waiter, MeteredRequest request) {
        charging.accounts().withdraw(waiter);
        charging.bounds().end(request);
    }

    private void release(Hold hold, MeteredRequest request) {
        charging.bounds().end(request);
        charging.requests().release(hold, request);
    }
}
