package dev.warder.quota.budget;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

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
}
