package dev.warder.quota;

import dev.warder.auth.Inquiry;
import dev.warder.http.Dialect;
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

    /**
     * Who receives an error.
     *
     * @param model that is asked upstream; empty text if it is not known
     */
    record Asker(String client, String model, Dialect dialect) {
        static Asker of(Inquiry inquiry) {
            return new Asker(inquiry.client().name(), inquiry.model().orElse(""), inquiry.dialect());
        }

        static Asker of(MeteredRequest request) {
            return new Asker(request.client(), request.model(), request.dialect());
        }
    }

    ErrorReply notAdmitted(Asker asker, Admission admission) {
        counts.refused().increment();
        if (admission instanceof Admission.Spent spent) {
            var account = spent.account();
            var status = List.of(account.line());
            events.add(asker, List.of(account), account.isUsedUp() ? What.SPENT : What.TOO_SMALL);
            return account.isUsedUp()
                    ? texts(asker).spent(status, clock.instant())
                    : texts(asker).tooSmall(status, clock.instant());
        }
        if (admission instanceof Admission.Waited waited) {
            events.add(asker, List.of(waited.account()), What.WAITED);
            return BudgetRefusal.waitedTooLong(waited.account().line());
        }
        if (admission instanceof Admission.LineIsFull full) {
            events.add(asker, List.of(full.account()), What.LINE_FULL);
            return BudgetRefusal.lineFull(full.account().line());
        }
        if (admission instanceof Admission.TooManySessions) {
            events.add(asker, List.of(), What.SESSIONS);
            return ErrorReply.rateLimited("The client has too many sessions at the same time.", SESSIONS_RETRY_SECONDS);
        }
        events.add(asker, List.of(), What.DATABASE_AWAY);
        return BudgetRefusal.storeAway();
    }

    ErrorReply noFurtherTry(Asker asker, List<AccountView> lacking) {
        counts.refused().increment();
        events.add(asker, lacking, What.NO_FURTHER_TRY);
        var spent = lacking.stream()
                .filter(AccountView::isUsedUp)
                .map(AccountView::line)
                .toList();
        return spent.isEmpty()
                ? BudgetRefusal.waitedTooLong(lacking.get(0).line())
                : texts(asker).spent(spent, clock.instant());
    }

    /** The error that ends a response; empty if responses may finish under all budgets that have not enough. */
    Optional<ErrorReply> cut(Asker asker, List<AccountView> lacking) {
        var cutting = lacking.stream()
                .filter(each -> each.terms().budget().terms().onExhausted() == OnExhausted.CUT)
                .toList();
        if (cutting.isEmpty()) {
            return Optional.empty();
        }
        counts.cut().increment();
        events.add(asker, cutting, What.CUT);
        var statuses = cutting.stream().map(AccountView::line).toList();
        return Optional.of(texts(asker).tooSmall(statuses, clock.instant()));
    }

    private BudgetRefusal texts(Asker asker) {
        return new BudgetRefusal(asker.dialect(), contact);
    }
}
