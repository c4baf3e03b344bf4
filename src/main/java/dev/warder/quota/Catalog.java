package dev.warder.quota;

import dev.warder.ledger.lease.Amounts;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.policy.Budget;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.Period;
import dev.warder.policy.PeriodWindow;
import dev.warder.policy.Policy;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The budgets that there are at one moment: those of a policy, and those of the sessions in use on this node. One thread at a
 * time.
 */
final class Catalog {
    private static final int SESSIONS = 200;

    private static final Comparator<Budget> CLIENTS_LAST =
            Comparator.comparing(budget -> budget.scope() == BudgetScope.CLIENT);

    private record Calendar(Period period, ZoneId zone) {}

    private final Policy policy;
    private final Instant now;
    private final Map<Calendar, PeriodWindow> windows = new HashMap<>();
    private final Map<PeriodKey, Amounts> known;
    private final List<BudgetLine> sessions;

    Catalog(Policy policy, Instant now, List<BudgetLine> used) {
        this.policy = policy;
        this.now = now;
        var current = used.stream().filter(line -> line.window().contains(now)).toList();
        known = current.stream()
                .filter(line -> line.amounts().isPresent())
                .collect(
                        Collectors.toMap(BudgetLine::key, line -> line.amounts().orElseThrow(), (one, same) -> one));
        sessions = current.stream()
                .filter(line -> line.budget().scope() == BudgetScope.SESSION)
                .sorted(BudgetLine.FULLEST)
                .toList();
    }

    List<PeriodKey> keys() {
        var keys = new ArrayList<PeriodKey>();
        sessions.stream().limit(SESSIONS).map(BudgetLine::key).forEach(keys::add);
        policy.budgetsByKey().values().stream()
                .sorted(CLIENTS_LAST)
                .map(budget -> new PeriodKey(budget.key(), window(budget).start()))
                .forEach(keys::add);
        return keys;
    }

    List<BudgetLine> lines(BudgetScope scope, Map<PeriodKey, Amounts> states) {
        if (scope == BudgetScope.SESSION) {
            return sessions.stream()
                    .map(line -> line(line.budget(), line.window(), states))
                    .toList();
        }
        return lines(
                policy.budgetsByKey().values().stream()
                        .filter(budget -> budget.scope() == scope)
                        .toList(),
                states);
    }

    List<BudgetLine> lines(Collection<Budget> budgets, Map<PeriodKey, Amounts> states) {
        return budgets.stream()
                .map(budget -> line(budget, window(budget), states))
                .toList();
    }

    private PeriodWindow window(Budget budget) {
        var terms = budget.terms();
        return windows.computeIfAbsent(new Calendar(terms.period(), terms.zone()), calendar -> terms.windowAt(now));
    }

    /** The amount is that of the policy: the database has it after the next request only. */
    private BudgetLine line(Budget budget, PeriodWindow window, Map<PeriodKey, Amounts> states) {
        var key = new PeriodKey(budget.key(), window.start());
        var amounts = Optional.ofNullable(states.get(key))
                .map(state -> state.of(budget.terms().nanos()))
                .or(() -> Optional.ofNullable(known.get(key)));
        return new BudgetLine(budget, window, amounts);
    }
}
