package dev.warder.quota;

import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.HeldAmount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One request's hold: the same amount of each of its budgets. Not thread-safe: {@link Accounts} has the lock.
 */
public final class Hold {
    final List<Account> accounts = new ArrayList<>();
    final List<Account> enforced;
    private Charged charged;
    private long nanos;
    private long beyond;
    private boolean ended;

    Hold(List<Account> accounts, Charged charged) {
        this.accounts.addAll(accounts);
        this.enforced = this.accounts.stream().filter(Account::enforces).toList();
        this.charged = charged;
    }

    Charged charged() {
        return charged;
    }

    public boolean isLimited() {
        return !enforced.isEmpty();
    }

    public HeldAmount held() {
        var keys = enforced.stream().map(account -> account.key).sorted().toList();
        return new HeldAmount(new Charged(charged.run(), keys), nanos);
    }

    /** The amount that it holds of each of them, in nano-dollars. */
    public long nanos() {
        return nanos;
    }

    /** Holds this amount from now on. What is held beyond its budgets is given back first. */
    void nanos(long amount) {
        beyond = Math.max(0, beyond + Math.min(0, amount - nanos));
        nanos = amount;
    }

    void beyond(long more) {
        beyond += more;
    }

    long covered() {
        return nanos - beyond;
    }

    void add(List<ChargedBudget> budgets, List<Account> further) {
        further.forEach(Account::refer);
        accounts.addAll(further);
        var keys = Stream.concat(charged.periods().stream(), budgets.stream().map(ChargedBudget::key));
        charged = new Charged(charged.run(), keys.sorted().toList());
    }

    /** Whether a budget enforces since a newer policy that did not when the request came. */
    boolean isOutdated() {
        return accounts.stream().filter(Account::enforces).anyMatch(account -> !enforced.contains(account));
    }

    boolean isOpen() {
        return enforced.stream().allMatch(Account::isOpen);
    }

    boolean isFreeOfLines() {
        return enforced.stream().noneMatch(Account::isWaitedFor);
    }

    /** Holds this amount if all of them have it, or refuses if one can never have it; empty if the request has to wait. */
    Optional<Admission> decide(long amount) {
        var spent = spent(enforced, amount);
        if (spent.isPresent()) {
            return spent;
        }
        if (!enforced.stream().allMatch(account -> account.admits(amount))) {
            return Optional.empty();
        }
        return Optional.of(begin(amount));
    }

    Admission begin(long amount) {
        accounts.forEach(Account::refer);
        enforced.forEach(account -> account.hold(amount));
        nanos = amount;
        return new Admission.Held(this);
    }

    /** The refusal for the one that is spent and begins again last, if one is spent. */
    static Optional<Admission> spent(List<Account> accounts, long amount) {
        return accounts.stream()
                .filter(account -> account.isSpent(amount))
                .max(Comparator.comparing(
                        account -> account.terms().window().end().orElse(Instant.MAX)))
                .map(Account::view)
                .map(Admission.Spent::new);
    }

    AccountView obstacle(long amount) {
        return enforced.stream()
                .filter(account -> account.isWaitedFor() || !account.admits(amount))
                .findFirst()
                .orElseGet(() -> enforced.get(0))
                .view();
    }

    boolean end() {
        boolean first = !ended;
        ended = true;
        return first;
    }

    boolean hasEnded() {
        return ended;
    }
}
