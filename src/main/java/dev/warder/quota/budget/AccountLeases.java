package dev.warder.quota.budget;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.ledger.lease.LeaseRequest;
import dev.warder.ledger.lease.LeaseState;
import dev.warder.ledger.lease.Line;
import dev.warder.ledger.lease.Opening;
import dev.warder.ledger.store.PeriodKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The leases of the {@link Accounts}: what the database is asked for, and what it has granted. Used by the threads that ask
 * the database. Thread-safe; no method waits.
 */
public final class AccountLeases {
    private final Accounts accounts;

    @GuardedBy("accounts")
    private boolean ended;

    public AccountLeases(Accounts accounts) {
        this.accounts = accounts;
    }

    /**
     * Budgets that are new here.
     *
     * @param run the run of this node that is to ask for them
     */
    public record Unopened(UUID run, List<ChargedBudget> budgets) {}

    /**
     * What the database is asked for next, about accounts that it knows.
     *
     * @param nodes how many nodes share the budgets; at least 1
     * @param all whether accounts count too that no request waits for
     */
    public List<LeaseRequest> requests(int nodes, boolean all) {
        synchronized (accounts) {
            long now = accounts.now();
            Map<Account, Line> lines = accounts.line.needed(now);
            var requests = new ArrayList<LeaseRequest>();
            for (var account : accounts.book.all()) {
                var demand = account.demand();
                boolean active = !ended && accounts.book.isActive(account, now);
                var waiting = lines.getOrDefault(account, Line.NONE);
                long wanted = demand.wanted(waiting.nanos(), nodes, active, now);
                if (account.isOpen() && (demand.isUrgent() || all && demand.isDue(wanted, nodes))) {
                    account.shrinkTo(wanted);
                    requests.add(demand.request(wanted, waiting));
                }
            }
            return requests;
        }
    }

    public Unopened unopened() {
        synchronized (accounts) {
            return new Unopened(
                    accounts.run,
                    accounts.book.all().stream()
                            .filter(account -> !account.isOpen())
                            .map(Account::terms)
                            .toList());
        }
    }

    public Optional<LeaseRequest> newRequest(PeriodKey key, Opening opening) {
        synchronized (accounts) {
            return Optional.ofNullable(accounts.book.find(key))
                    .filter(account -> !account.isOpen())
                    .map(account -> account.demand().newRequest(opening));
        }
    }

    public void reserved(UUID of, List<LeaseState> states) {
        synchronized (accounts) {
            accounts.away = false;
            if (of.equals(accounts.run)) {
                states.forEach(this::confirm);
            }
        }
    }

    @GuardedBy("accounts")
    private void confirm(LeaseState state) {
        var account = accounts.book.find(state.key());
        if (account != null) {
            account.reserved(state);
            accounts.book.drop(account, accounts.now());
        }
    }

    /** The database cannot be used: what it granted may be spent, and nothing more. */
    public void away() {
        synchronized (accounts) {
            accounts.away = true;
        }
    }

    /** The database counts this node as dead. Requests that are open keep what they hold, and get nothing in addition. */
    public void begin(UUID next) {
        synchronized (accounts) {
            accounts.run = next;
            accounts.book.clear();
        }
    }

    /** The node stops: from now on it wants only what its requests have cost. */
    public void end() {
        synchronized (accounts) {
            ended = true;
        }
    }

    public boolean isStored() {
        synchronized (accounts) {
            return accounts.book.all().stream().allMatch(Account::isStored);
        }
    }

    public boolean givesBack() {
        synchronized (accounts) {
            return accounts.book.all().stream().anyMatch(Account::givesBack);
        }
    }

    public boolean isUrgent() {
        synchronized (accounts) {
            return accounts.book.all().stream().map(Account::demand).anyMatch(LeaseDemand::isUrgent);
        }
    }
}
