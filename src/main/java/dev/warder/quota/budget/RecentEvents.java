package dev.warder.quota.budget;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.quota.budget.BudgetEvent.What;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The last 50 different cuts and refusals of this node. The same one again counts, since a program that is refused may retry
 * thousands of times. Thread-safe.
 */
final class RecentEvents {
    static final int MOST = 50;

    private static final int LONGEST = 80;

    private final InstantSource clock;

    @GuardedBy("this")
    private final Map<Kind, Count> events = new LinkedHashMap<>();

    RecentEvents(InstantSource clock) {
        this.clock = clock;
    }

    private record Kind(String client, String model, List<String> budgets, What what) {}

    private record Count(Instant last, long times) {}

    void refused(MeteredRequest request, Admission admission) {
        if (admission instanceof Admission.Spent spent) {
            var what = spent.account().isUsedUp() ? What.SPENT : What.TOO_SMALL;
            add(request, List.of(spent.account()), what);
        } else if (admission instanceof Admission.Waited waited) {
            add(request, List.of(waited.account()), What.WAITED);
        } else if (admission instanceof Admission.LineIsFull full) {
            add(request, List.of(full.account()), What.LINE_FULL);
        } else {
            add(
                    request,
                    List.of(),
                    admission instanceof Admission.TooManySessions ? What.SESSIONS : What.DATABASE_AWAY);
        }
    }

    void add(MeteredRequest request, List<AccountView> accounts, What what) {
        var budgets = accounts.stream().map(each -> each.terms().budget().key()).toList();
        String model = request.model();
        String shown = model.length() <= LONGEST ? model : model.substring(0, LONGEST) + "…";
        add(new Kind(request.client(), shown, budgets, what));
    }

    private synchronized void add(Kind kind) {
        var before = events.remove(kind);
        events.put(kind, new Count(clock.instant(), before == null ? 1 : before.times() + 1));
        if (events.size() > MOST) {
            events.remove(events.keySet().iterator().next());
        }
    }

    synchronized List<BudgetEvent> all() {
        var all = new ArrayList<BudgetEvent>();
        events.forEach((kind, count) -> all.add(new BudgetEvent(
                count.last(), kind.client(), kind.model(), kind.budgets(), kind.what(), count.times())));
        Collections.reverse(all);
        return all;
    }
}
