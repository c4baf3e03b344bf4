package dev.warder.quota.budget;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.ledger.store.Charged;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Admits requests to the {@link Accounts}, refuses them, or puts them into the line. Thread-safe; no method waits. */
public final class Admissions {
    /** How long a lease takes that another node has to give back: a large body waits for nothing else. */
    private static final Duration LEASE_WAIT = Duration.ofSeconds(2);

    private final Accounts accounts;

    /** @param accounts shared with those that change them otherwise */
    public Admissions(Accounts accounts) {
        this.accounts = accounts;
    }

    public Admission admit(HoldRequest request) {
        synchronized (accounts.lock) {
            var spent = alreadySpent(request);
            if (spent.isPresent()) {
                return spent.get();
            }
            var book = accounts.book;
            var further =
                    request.budgets().stream().filter(book::isOfFurtherSession).toList();
            if (further.stream().anyMatch(ChargedBudget::enforces)) {
                return new Admission.TooManySessions();
            }
            // Those that only count refuse nothing.
            var hold = newHold(without(request.budgets(), further));
            if (hold.isFreeOfLines()) {
                var decision = hold.decide(request.nanos());
                if (decision.isPresent()) {
                    return decision.get();
                }
            }
            if (accounts.away) {
                return new Admission.DatabaseAway();
            }
            if (accounts.line.memory().isFull(request.client(), request.bytes())) {
                return new Admission.LineIsFull(hold.obstacle(request.nanos()));
            }
            var waiter = new Waiter(request, hold, accounts.now(), new CompletableFuture<>());
            accounts.line.add(waiter);
            return new Admission.Waits(waiter);
        }
    }

    public void withdraw(Waiter waiter) {
        synchronized (accounts.lock) {
            accounts.line.remove(waiter);
        }
    }

    /**
     * Decides about those that wait.
     *
     * @param longest how long a request may wait, unless its body is large
     * @return the requests that wait no longer; the caller completes their decisions
     */
    public Map<Waiter, Admission> serve(Duration longest) {
        synchronized (accounts.lock) {
            long now = accounts.now();
            var decided = new LinkedHashMap<Waiter, Admission>();
            for (var waiter : accounts.line.all()) {
                var refusal = refusal(
                        waiter, now - waiter.since() >= longest(waiter, longest).toNanos());
                if (refusal.isPresent()) {
                    accounts.line.remove(waiter);
                    decided.put(waiter, refusal.get());
                }
            }
            decided.putAll(accounts.line.serve());
            return decided;
        }
    }

    public int waiting() {
        synchronized (accounts.lock) {
            return accounts.line.size();
        }
    }

    /** Those that have waited longest, at most this many. */
    public List<WaitingRequest> waiting(int most) {
        synchronized (accounts.lock) {
            return accounts.line.oldest(most, accounts.now());
        }
    }

    private static List<ChargedBudget> without(List<ChargedBudget> budgets, List<ChargedBudget> some) {
        return some.isEmpty()
                ? budgets
                : budgets.stream().filter(each -> !some.contains(each)).toList();
    }

    @GuardedBy("accounts.lock")
    private Duration longest(Waiter waiter, Duration usual) {
        boolean large = accounts.line.memory().isLarge(waiter.request().bytes());
        return large && usual.compareTo(LEASE_WAIT) > 0 ? LEASE_WAIT : usual;
    }

    @GuardedBy("accounts.lock")
    private Optional<Admission> refusal(Waiter waiter, boolean late) {
        if (!accounts.isOfThisRun(waiter.hold())) {
            // Nothing will be granted to what this node was before.
            return Optional.of(new Admission.DatabaseAway());
        }
        if (waiter.hold().isOutdated()) {
            return Optional.of(new Admission.DatabaseAway());
        }
        long nanos = waiter.request().nanos();
        var spent = Hold.spent(waiter.hold().enforced(), nanos);
        if (spent.isPresent() || !late) {
            return spent;
        }
        boolean unknown = accounts.away || !waiter.hold().isOpen();
        return Optional.of(
                unknown
                        ? new Admission.DatabaseAway()
                        : new Admission.Waited(waiter.hold().obstacle(nanos)));
    }

    /** Before accounts are made: names of sessions cost a client nothing, and each account has rows in the database. */
    @GuardedBy("accounts.lock")
    private Optional<Admission> alreadySpent(HoldRequest request) {
        return Hold.spent(accounts.book.existing(request.budgets(), accounts.now()), request.nanos());
    }

    @GuardedBy("accounts.lock")
    private Hold newHold(List<ChargedBudget> budgets) {
        var charged = accounts.book.of(budgets, accounts.now());
        var keys = charged.stream().map(Account::key).sorted().toList();
        return new Hold(charged, new Charged(accounts.run, keys));
    }
}
