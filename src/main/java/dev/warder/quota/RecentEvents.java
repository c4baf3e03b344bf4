package dev.warder.quota;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.quota.BudgetEvent.What;
import dev.warder.quota.CountedRefusals.Asker;
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
    private final Map<List<?>, BudgetEvent> events = new LinkedHashMap<>();

    RecentEvents(InstantSource clock) {
        this.clock = clock;
    }

    synchronized void add(Asker asker, List<AccountView> accounts, What what) {
        var budgets = accounts.stream().map(each -> each.terms().budget().key()).toList();
        String model = asker.model();
        String shown = model.length() <= LONGEST ? model : model.substring(0, LONGEST) + "…";
        var kind = List.of(asker.client(), shown, budgets, what);
        var before = events.remove(kind);
        long times = before == null ? 1 : before.times() + 1;
        events.put(kind, new BudgetEvent(clock.instant(), asker.client(), shown, budgets, what, times));
        if (events.size() > MOST) {
            events.remove(events.keySet().iterator().next());
        }
    }

    synchronized List<BudgetEvent> all() {
        var all = new ArrayList<>(events.values());
        Collections.reverse(all);
        return all;
    }
}
