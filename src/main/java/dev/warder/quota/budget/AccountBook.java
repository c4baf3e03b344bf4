package dev.warder.quota.budget;

import dev.warder.ledger.store.PeriodKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** All accounts of this node. Not thread-safe: {@link Accounts} has the lock. */
final class AccountBook {
    private static final long ACTIVE = Duration.ofSeconds(60).toNanos();

    /** Sessions of one client at the same time: their ids are the client's choice. */
    private static final int MOST_SESSIONS = 1000;

    private final Map<PeriodKey, Account> accounts = new HashMap<>();

    private final Map<String, Map<String, Integer>> sessions = new HashMap<>();

    Collection<Account> all() {
        return accounts.values();
    }

    @Nullable
    Account find(PeriodKey key) {
        return accounts.get(key);
    }

    List<Account> existing(List<ChargedBudget> budgets, long now) {
        return budgets.stream()
                .filter(budget -> accounts.containsKey(budget.key()))
                .map(budget -> used(budget, now))
                .toList();
    }

    List<Account> of(List<ChargedBudget> budgets, long now) {
        var charged = new ArrayList<Account>(budgets.size());
        for (var budget : budgets) {
            if (!accounts.containsKey(budget.key())) {
                accounts.put(budget.key(), new Account(budget, now));
                if (budget.isOfSession()) {
                    sessions.computeIfAbsent(budget.client(), none -> new HashMap<>())
                            .merge(budget.budget().name(), 1, Integer::sum);
                }
            }
            charged.add(used(budget, now));
        }
        return charged;
    }

    private Account used(ChargedBudget budget, long now) {
        var account = Objects.requireNonNull(accounts.get(budget.key()));
        account.used(budget, now);
        return account;
    }

    boolean isOfFurtherSession(ChargedBudget budget) {
        if (!budget.isOfSession()) {
            return false;
        }
        var known = sessions.getOrDefault(budget.client(), Map.of());
        return known.size() >= MOST_SESSIONS
                && !known.containsKey(budget.budget().name());
    }

    boolean isActive(Account account, long now) {
        return now - account.usedAt() < ACTIVE;
    }

    void drop(Account account, long now) {
        if (account.isIdle() && !isActive(account, now)) {
            accounts.remove(account.key());
            if (account.terms().isOfSession()) {
                forgetSession(account.terms());
            }
        }
    }

    private void forgetSession(ChargedBudget budget) {
        sessions.computeIfPresent(budget.client(), (client, known) -> {
            known.computeIfPresent(budget.budget().name(), (name, count) -> count > 1 ? count - 1 : null);
            return known.isEmpty() ? null : known;
        });
    }

    void clear() {
        accounts.clear();
        sessions.clear();
    }

    void adopt(UnaryOperator<ChargedBudget> current) {
        accounts.values().forEach(account -> account.adopt(current.apply(account.terms())));
    }
}
