package dev.warder.quota;

import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.HeldAmount;
import dev.warder.ledger.store.PeriodKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** One request's hold: the same amount of each of its budgets. Not thread-safe: {@link Accounts} has the lock. */
final class Hold extends Claim {
    final List<Account> accounts;

    /** The budgets that limit the request; of its client alone first. */
    final List<Account> enforced;

    private final long need;
    private Charged charged;
    private long nanos;

    /** The part of it that its budgets have not. */
    long beyond;

    boolean ended;

    /**
     * @param run of the node
     * @param need nano-dollars that it holds of each budget once it is admitted
     */
    Hold(List<Account> accounts, UUID run, long need) {
        this.accounts = new ArrayList<>(accounts);
        this.enforced = accounts.stream()
                .filter(Account::enforces)
                .sorted(Comparator.comparing(account -> !account.isOfOneClient()))
                .toList();
        this.charged = charged(run, accounts.stream().map(account -> account.key));
        this.need = need;
    }

    @Override
    int size() {
        return enforced.size();
    }

    @Override
    Account amount(int i) {
        return enforced.get(i);
    }

    @Override
    long need(int i) {
        return need;
    }

    /** Also if a newer policy enforces a budget that did not when the request came, or the database counts this node as dead. */
    @Override
    Optional<Admission> refusal(long now) {
        boolean isOutdated = accounts.stream()
                .anyMatch(account -> account.abandoned || account.enforces() && !enforced.contains(account));
        return isOutdated
                ? Optional.of(new Admission.DatabaseAway())
                : spent(enforced, need).map(refusal -> refusal);
    }

    /** The refusal for the one that is spent and begins again last, if one is spent. */
    static Optional<Admission.Spent> spent(List<Account> accounts, long amount) {
        return accounts.stream()
                .filter(account -> account.isSpent(amount))
                .max(Comparator.comparing(account -> account.terms().end()))
                .map(Account::view)
                .map(Admission.Spent::new);
    }

    @Override
    Admission begin(long now) {
        accounts.forEach(account -> account.refer(1));
        enforced.forEach(account -> account.change(need));
        nanos = need;
        return new Admission.Held(this);
    }

    @Override
    void refer(int more) {
        accounts.forEach(account -> account.refer(more));
    }

    boolean isOpen() {
        return enforced.stream().allMatch(Account::isOpen);
    }

    /** The budget that keeps it from its admission. */
    Account.View obstacle() {
        return accounts.stream()
                .filter(enforced::contains)
                .filter(account -> account.isWaitedFor(need, 0) || !account.has(need, 0))
                .findFirst()
                .orElseGet(() -> enforced.get(0))
                .view();
    }

    Charged charged() {
        return charged;
    }

    boolean isLimited() {
        return !enforced.isEmpty();
    }

    HeldAmount held() {
        return new HeldAmount(charged(charged.run(), enforced.stream().map(account -> account.key)), nanos);
    }

    private static Charged charged(UUID run, Stream<PeriodKey> keys) {
        return new Charged(run, keys.sorted().toList());
    }

    /** The amount that it holds of each of them, in nano-dollars. */
    long nanos() {
        return nanos;
    }

    /** Holds this amount from now on. What is held beyond its budgets is given back first. */
    void nanos(long amount) {
        beyond = Math.max(0, beyond + Math.min(0, amount - nanos));
        nanos = amount;
    }

    void add(List<ChargedBudget> budgets, List<Account> further) {
        further.forEach(account -> account.refer(1));
        accounts.addAll(further);
        var keys = Stream.concat(charged.periods().stream(), budgets.stream().map(ChargedBudget::key));
        charged = charged(charged.run(), keys);
    }
}
