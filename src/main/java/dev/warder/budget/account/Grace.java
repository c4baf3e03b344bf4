package dev.warder.budget.account;

import dev.warder.ledger.store.PeriodKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * What this node may spend beyond its leases while the database cannot be used: {@code budget.grace}, in nano-dollars, over all
 * budgets together. A request uses it once, however many of its budgets lack money. Not thread-safe: {@link Accounts} has the
 * lock.
 *
 * <p>What is used has two bounds, and the lower one counts: what requests took, less what they gave back; and by how much
 * accounts are beyond their leases. The second one falls when requests end that were within the lease, and when the database
 * has reserved or stored what was spent.
 */
final class Grace {
    private final long most;

    /** What open requests took. */
    private final IdentityHashMap<Hold, Long> taken = new IdentityHashMap<>();

    /** The sum of the same. */
    private long takenNanos;

    /** What requests took and spent that have ended. */
    private long spent;

    /** Accounts for which something was taken. */
    private final Set<Account> beyond = new HashSet<>();

    /** The same of earlier runs of this node, which other nodes counted as dead. */
    private final Map<UUID, List<Account>> earlier = new HashMap<>();

    /** @param most all of it; 0 for none */
    Grace(long most) {
        this.most = most;
    }

    /** What of it is held or spent. */
    long used() {
        long missing = sum(beyond, Account::beyondLease);
        if (missing == 0) {
            taken.clear();
            takenNanos = 0;
            spent = 0;
            beyond.clear();
            earlier.clear();
        }
        return Math.min(takenNanos + spent, missing);
    }

    /** As {@link Hold#decide}; if the database is away, with what is lent. */
    Optional<Admission> decide(Hold hold, long nanos, boolean away) {
        var decision = hold.decide(nanos);
        return decision.isEmpty() && away && lendToNew(hold, nanos) ? Optional.of(hold.begin(nanos)) : decision;
    }

    /** Takes what its accounts lack for a request that is new. False if that is not possible; then nothing was taken. */
    boolean lendToNew(Hold hold, long nanos) {
        return lend(hold, nanos, account -> account.limit().mayLendToNew(nanos));
    }

    /** The same for a response that has begun, and holds this much more. */
    boolean lendToRunning(Hold hold, long more) {
        return lend(hold, more, account -> account.limit().mayLend(more));
    }

    private boolean lend(Hold hold, long nanos, Predicate<Account> mayLend) {
        if (most == 0 || !hold.enforced().stream().allMatch(mayLend)) {
            return false;
        }
        long used = used();
        var accounts = hold.enforced();
        long lacking = accounts.stream()
                .mapToLong(account -> account.beyondLease(nanos))
                .max()
                .orElse(0);
        long sum = sum(accounts, account -> account.beyondLease(nanos));
        long after = Math.min(takenNanos + spent + lacking, sum(beyond, Account::beyondLease) + sum);
        if (used == most || after > most) {
            return false;
        }
        taken.merge(hold, lacking, Long::sum);
        takenNanos += lacking;
        accounts.stream().filter(account -> account.beyondLease(nanos) > 0).forEach(beyond::add);
        return true;
    }

    /** A request holds this much less, and gives back first what it took last. */
    void giveBack(Hold hold, long nanos) {
        var took = most == 0 ? null : taken.get(hold);
        if (took != null) {
            long back = Math.min(took, nanos);
            taken.put(hold, took - back);
            takenNanos -= back;
        }
    }

    /**
     * A request has ended, after it was charged and gave back what it did not spend.
     *
     * @param over what it has spent above what it held
     */
    void end(Hold hold, long over) {
        if (most == 0) {
            return;
        }
        long took = Objects.requireNonNullElse(taken.remove(hold), 0L);
        takenNanos -= took;
        spent += took + over;
        if (over > 0) {
            hold.enforced().stream()
                    .filter(account -> account.beyondLease() > 0)
                    .forEach(beyond::add);
        }
    }

    /** Other nodes counted this run as dead: the database grants nothing to it any more. */
    void endRun(UUID run) {
        var accounts = new HashSet<>(beyond);
        earlier.values().forEach(accounts::removeAll);
        if (used() > 0 && !accounts.isEmpty()) {
            earlier.put(run, List.copyOf(accounts));
        }
    }

    /** What earlier runs have spent of these periods is to be read from the database. */
    Map<UUID, List<PeriodKey>> earlier() {
        earlier.values().removeIf(accounts -> sum(accounts, Account::beyondLease) == 0);
        var keys = new HashMap<UUID, List<PeriodKey>>();
        earlier.forEach((run, accounts) ->
                keys.put(run, accounts.stream().map(Account::key).toList()));
        return keys;
    }

    /** What an earlier run has spent, as far as the database has stored it. */
    void stored(UUID run, Map<PeriodKey, Long> drawn) {
        earlier.getOrDefault(run, List.of()).forEach(account -> account.stored(drawn.getOrDefault(account.key(), 0L)));
    }

    private static long sum(Iterable<Account> accounts, ToLongFunction<Account> nanos) {
        long sum = 0;
        for (var account : accounts) {
            sum += nanos.applyAsLong(account);
        }
        return sum;
    }
}
