package dev.warder.budget;

import dev.warder.budget.reply.UncollectedPath;
import dev.warder.gate.Gate;
import dev.warder.gate.Inquiry;
import dev.warder.gate.Verdict;
import dev.warder.http.ErrorReply;
import dev.warder.policy.PolicyEntry;
import java.time.Duration;
import java.util.Optional;

/**
 * Admits a request when its budgets cover what it may cost at most until more is known. Where the rest of a budget is held by
 * other requests, it waits. Only requests with a credential of the operator are charged. Thread-safe.
 */
final class BudgetGate implements Gate {
    /** The line decides before. */
    private static final Duration LATER = Duration.ofSeconds(10);

    private final Budgets budgets;

    BudgetGate(Budgets budgets) {
        this.budgets = budgets;
    }

    @Override
    public Needs needs() {
        return Needs.BODY;
    }

    @Override
    public Duration maxWait() {
        return budgets.longestWait().plus(LATER);
    }

    @Override
    public Verdict ask(Inquiry inquiry) {
        var entry = inquiry.client().entry();
        if (inquiry.ownCredential() || entry.isEmpty()) {
            return Verdict.granted();
        }
        return inquiry.content().isPresent() && inquiry.call().runsModel()
                ? budgets.admit(inquiry, entry.get())
                : unread(inquiry, entry.get());
    }

    private static Verdict unread(Inquiry inquiry, PolicyEntry entry) {
        Optional<ErrorReply> refusal =
                entry.mayBeLimited() ? UncollectedPath.refusal(inquiry.call()) : Optional.empty();
        return refusal.<Verdict>map(Verdict::refused).orElseGet(Verdict::granted);
    }
}
