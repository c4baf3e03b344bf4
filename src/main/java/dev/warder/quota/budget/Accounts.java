package dev.warder.quota.budget;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.ledger.store.PeriodKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The budgets of this node: what open requests hold of them, and who waits. One lock for all, since a request holds the same
 * amount of several budgets or of none. Its invariant: of each budget, what is charged and held is at most what the database
 * has granted, as long as no request costs more than it holds. Thread-safe; no method waits.
 *
 * <p>Three classes change them, under the same lock: {@link Admissions} for requests that ask or wait, {@link Holds} for those
 * that were admitted, and {@link AccountLeases} for what the database grants.
 */
public final class Accounts {
    final Object lock = new Object();

    @GuardedBy("lock")
    final AccountBook book = new AccountBook();

    @GuardedBy("lock")
    final WaitingLine line;

    /** Identifies this start of the node, until the database counts it as dead. */
    @GuardedBy("lock")
    UUID run;

    /** Whether the database could not be used at the last attempt. Before the first attempt, requests wait for it. */
    @GuardedBy("lock")
    boolean away;

    private final LongSupplier nanoTime;

    /**
     * Creates them; there is none before a request asks for one.
     *
     * @param run identifies this start of the node
     * @param mostBytes the most memory that bodies of waiting requests may keep, except for large ones that wait for seconds
     * @param nanoTime a clock that never goes back
     */
    public Accounts(UUID run, long mostBytes, LongSupplier nanoTime) {
        this.run = run;
        this.line = new WaitingLine(mostBytes);
        this.nanoTime = nanoTime;
    }

    /** The time of a clock that never goes back. */
    long now() {
        return nanoTime.getAsLong();
    }

    /** Whether the hold is of this run: other nodes have taken over what an earlier one had. */
    @GuardedBy("lock")
    boolean isOfThisRun(Hold hold) {
        return hold.charged().run().equals(run);
    }

    /** A newer policy is in use: what it changes about a budget holds at once. */
    public void adopt(UnaryOperator<ChargedBudget> current) {
        synchronized (lock) {
            book.adopt(current);
        }
    }

    public UUID run() {
        synchronized (lock) {
            return run;
        }
    }

    public List<AccountView> views() {
        synchronized (lock) {
            return book.all().stream().map(Account::view).toList();
        }
    }

    /** All accounts of this node. Not thread-safe: {@link Accounts} has the lock. */
    static final class AccountBook {
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
}
