package dev.warder.quota.budget;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.PeriodKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Changes what admitted requests hold of the {@link Accounts}, and charges what they cost. Thread-safe; no method waits.
 */
public final class Holds {
    private final Accounts accounts;

    /** @param accounts shared with those that change them otherwise */
    public Holds(Accounts accounts) {
        this.accounts = accounts;
    }

    /**
     * Changes what a request holds, to this amount of each budget.
     *
     * @return the budgets that have not enough for it; if there is one, the request holds what it held before
     */
    public List<AccountView> holdInstead(Hold hold, long nanos) {
        synchronized (accounts.lock) {
            long more = more(hold, nanos);
            var lacking = new ArrayList<Account>();
            for (var account : hold.enforced()) {
                if (more > 0 && account.enforces() && account.free() < more) {
                    lacking.add(account);
                }
            }
            if (lacking.isEmpty()) {
                change(hold, more);
                return List.of();
            }
            lacking.forEach(account -> account.lacking().add(hold, more));
            return lacking.stream().map(Account::view).toList();
        }
    }

    /** Changes what a request holds, where responses may finish although a budget has not enough. */
    public void holdAnyway(Hold hold, long nanos) {
        synchronized (accounts.lock) {
            long more = more(hold, nanos);
            long beyond = hold.enforced().stream()
                    .mapToLong(account -> account.beyondLease(more))
                    .max()
                    .orElse(0);
            change(hold, more);
            hold.beyond(beyond);
        }
    }

    /**
     * A request has ended. It holds nothing any more, and is charged what it cost.
     *
     * @return by how much that is more than its budgets held for it; 0 if it ended before
     */
    public long settle(Hold hold, long nanos) {
        synchronized (accounts.lock) {
            if (!hold.end()) {
                return 0;
            }
            long now = accounts.now();
            for (var account : hold.enforced()) {
                account.lacking().remove(hold);
                account.change(-hold.nanos());
            }
            for (var account : hold.accounts()) {
                account.charge(nanos, now);
                account.release();
            }
            return hold.isLimited() ? Math.max(0, nanos - hold.covered()) : 0;
        }
    }

    /**
     * What a request is charged to, which ends now.
     *
     * @param added budgets that were added since its admission are among these
     */
    public Charged charged(Hold hold, List<ChargedBudget> added) {
        synchronized (accounts.lock) {
            // Once to each budget: one whose zone has changed has another window now.
            var known = hold.charged().periods().stream().map(PeriodKey::budget).collect(Collectors.toSet());
            var further = added.stream()
                    .filter(each -> !known.contains(each.key().budget()))
                    .toList();
            if (!further.isEmpty() && !hold.hasEnded()) {
                // Accounts of a later run reserve nothing for it.
                boolean current = accounts.isOfThisRun(hold);
                hold.add(further, current ? accounts.book.of(further, accounts.now()) : List.of());
            }
            return hold.charged();
        }
    }

    public List<BudgetStatus> statuses(Hold hold) {
        synchronized (accounts.lock) {
            return hold.accounts().stream()
                    .map(Account::view)
                    .map(AccountView::status)
                    .toList();
        }
    }

    private static long more(Hold hold, long nanos) {
        return hold.hasEnded() ? 0 : nanos - hold.nanos();
    }

    @GuardedBy("accounts.lock")
    private void change(Hold hold, long more) {
        for (var account : hold.enforced()) {
            account.lacking().remove(hold);
            account.change(more);
        }
        hold.nanos(hold.nanos() + more);
    }
}
