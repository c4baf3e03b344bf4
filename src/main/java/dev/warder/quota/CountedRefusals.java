package dev.warder.quota;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.auth.Inquiry;
import dev.warder.http.Dialect;
import dev.warder.http.ErrorReply;
import dev.warder.policy.Budget;
import dev.warder.quota.Bounds.MeteredRequest;
import dev.warder.quota.BudgetReport.Event.What;
import dev.warder.quota.Budgets.BudgetCounts;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    ErrorReply noFurtherTry(Asker asker, List<Account.View> lacking) {
        counts.refused().increment();
        events.add(asker, lacking, What.NO_FURTHER_TRY);
        var spent = lacking.stream()
                .filter(Account.View::isUsedUp)
                .map(Account.View::line)
                .toList();
        return spent.isEmpty()
                ? BudgetRefusal.waitedTooLong(lacking.get(0).line())
                : texts(asker).spent(spent, clock.instant());
    }

    /** The error that ends a response; empty if responses may finish under all budgets that have not enough. */
    Optional<ErrorReply> cut(Asker asker, List<Account.View> lacking) {
        var cutting = lacking.stream()
                .filter(each -> each.terms().budget().terms().onExhausted() == Budget.OnExhausted.CUT)
                .toList();
        if (cutting.isEmpty()) {
            return Optional.empty();
        }
        counts.cut().increment();
        events.add(asker, cutting, What.CUT);
        var statuses = cutting.stream().map(Account.View::line).toList();
        return Optional.of(texts(asker).tooSmall(statuses, clock.instant()));
    }

    private BudgetRefusal texts(Asker asker) {
        return new BudgetRefusal(asker.dialect(), contact);
    }

    /**
     * The last 50 different cuts and refusals of this node. The same one again counts, since a program that is refused may retry
     * thousands of times. Thread-safe.
     */
    static final class RecentEvents {
        static final int MOST = 50;

        private static final int LONGEST = 80;

        private final InstantSource clock;

        @GuardedBy("this")
        private final Map<List<?>, BudgetReport.Event> events = new LinkedHashMap<>();

        RecentEvents(InstantSource clock) {
            this.clock = clock;
        }

        synchronized void add(Asker asker, List<Account.View> accounts, What what) {
            var budgets =
                    accounts.stream().map(each -> each.terms().budget().key()).toList();
            String model = asker.model();
            String shown = model.length() <= LONGEST ? model : model.substring(0, LONGEST) + "…";
            var kind = List.of(asker.client(), shown, budgets, what);
            var before = events.remove(kind);
            long times = before == null ? 1 : before.times() + 1;
            events.put(kind, new BudgetReport.Event(clock.instant(), asker.client(), shown, budgets, what, times));
            if (events.size() > MOST) {
                events.remove(events.keySet().iterator().next());
            }
        }

        synchronized List<BudgetReport.Event> all() {
            var all = new ArrayList<>(events.values());
            Collections.reverse(all);
            return all;
        }
    }
}
