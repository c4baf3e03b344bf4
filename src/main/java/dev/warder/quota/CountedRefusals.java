package dev.warder.quota;

import dev.warder.http.ErrorReply;
import dev.warder.policy.OnExhausted;
import dev.warder.quota.BudgetEvent.What;
import dev.warder.quota.Budgets.BudgetCounts;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The errors that clients receive because of their budgets. Each one is counted, and noted for administrators. Thread-safe.
 */
record CountedRefusals(Optional<String> contact, InstantSource clock, BudgetCounts counts, RecentEvents events) {
    private static final int SESSIONS_RETRY_SECONDS = 5;

    ErrorReply notAdmitted(MeteredRequest request, Admission admission) {
        counts.refused().increment();
        if (admission instanceof Admission.Spent spent) {
            var account = spent.account();
            var status = List.of(account.status());
            events.add(request, List.of(account), account.isUsedUp() ? What.SPENT : What.TOO_SMALL);
            return account.isUsedUp()
                    ? texts(request).spent(status, clock.instant())
                    : texts(request).tooSmall(status, clock.instant());
        }
        if (admission instanceof Admission.Waited waited) {
            events.add(request, List.of(waited.account()), What.WAITED);
            return BudgetRefusal.waitedTooLong(waited.account().status());
        }
        if (admission instanceof Admission.LineIsFull full) {
            events.add(request, List.of(full.account()), What.LINE_FULL);
            return BudgetRefusal.lineFull(full.account().status());
        }
        if (admission instanceof Admission.TooManySessions) {
            events.add(request, List.of(), What.SESSIONS);
            return ErrorReply.rateLimited("The client has too many sessions at the same time.", SESSIONS_RETRY_SECONDS);
        }
        events.add(request, List.of(), What.DATABASE_AWAY);
        return BudgetRefusal.storeAway();
    }

    ErrorReply noFurtherTry(MeteredRequest request, List<AccountView> lacking) {
        counts.refused().increment();
        events.add(request, lacking, What.NO_FURTHER_TRY);
        var spent = lacking.stream()
                .filter(AccountView::isUsedUp)
                .map(AccountView::status)
                .toList();
        return spent.isEmpty()
                ? BudgetRefusal.waitedTooLong(lacking.get(0).status())
                : texts(request).spent(spent, clock.instant());
    }

    /** The error that ends a response; empty if responses may finish under all budgets that have not enough. */
    Optional<ErrorReply> cut(MeteredRequest request, List<AccountView> lacking) {
        var cutting = lacking.stream()
                .filter(each -> each.terms().budget().terms().onExhausted() == OnExhausted.CUT)
                .toList();
        if (cutting.isEmpty()) {
            return Optional.empty();
        }
        counts.cut().increment();
        events.add(request, cutting, What.CUT);
        var statuses = cutting.stream().map(AccountView::status).toList();
        return Optional.of(texts(request).tooSmall(statuses, clock.instant()));
    }

    private BudgetRefusal texts(MeteredRequest request) {
        return new BudgetRefusal(request.dialect(), contact);
    }
}
