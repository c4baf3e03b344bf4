package dev.warder.budget;

import dev.warder.ledger.store.Charged;
import java.util.List;

/**
 * What one request holds: the same amount of each of its budgets. Not thread-safe: {@link Accounts} has the lock.
 */
final class Hold {
    private final List<Account> accounts;
    private final List<Account> enforced;
    private final Charged charged;
    private long nanos;
    private boolean ended;

    /** @param charged the same budgets, as the ledger stores them */
    Hold(List<Account> accounts, Charged charged) {
        this.accounts = List.copyOf(accounts);
        this.enforced = this.accounts.stream().filter(Account::enforces).toList();
        this.charged = charged;
    }

    /** All budgets that the request is charged to. */
    List<Account> accounts() {
        return accounts;
    }

    /** Those that limit it. */
    List<Account> enforced() {
        return enforced;
    }

    Charged charged() {
        return charged;
    }

    long nanos() {
        return nanos;
    }

    void nanos(long amount) {
        nanos = amount;
    }

    /** Ends it; false if it has ended. */
    boolean end() {
        boolean first = !ended;
        ended = true;
        return first;
    }

    boolean hasEnded() {
        return ended;
    }
}
