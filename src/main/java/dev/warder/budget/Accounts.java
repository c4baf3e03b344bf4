package dev.warder.budget;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.budget.lease.LeaseRequest;
import dev.warder.budget.lease.LeaseState;
import dev.warder.budget.lease.Line;
import dev.warder.budget.lease.Opening;
import dev.warder.budget.reply.BudgetStatus;
import dev.warder.budget.report.WaitingRequest;
import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.PeriodKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * The budgets of this node: what open requests hold of them, and who waits. One lock for all, since a request holds the same
 * amount of several budgets or of none. Its invariant: of each budget, what is charged and held is at most what the database
 * has granted, as long as no request costs more than it holds. Thread-safe; no method waits.
 */
final class Accounts {
    /** One client may use this part of the memory for requests that wait, so that others can wait too. */
    private static final long CLIENT_PARTS = 2;

    private final long mostBytes;
    private final LongSupplier nanoTime;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final AccountBook book = new AccountBook();

    @GuardedBy("lock")
    private final WaitingLine line = new WaitingLine();

    @GuardedBy("lock")
    private final Grace grace;

    @GuardedBy("lock")
    private UUID run;

    @GuardedBy("lock")
    private boolean away = true;

    @GuardedBy("lock")
    private boolean ended;

    /**
     * @param run identifies this start of the node
     * @param mostBytes the most memory that waiting requests may keep
     * @param grace what may be spent beyond the leases while the database cannot be used; used by these accounts only
     * @param nanoTime a clock that never goes back
     */
    Accounts(UUID run, long mostBytes, Grace grace, LongSupplier nanoTime) {
        this.run = run;
        this.mostBytes = mostBytes;
        this.grace = grace;
        this.nanoTime = nanoTime;
    }

    /**
     * Budgets that are new here.
     *
     * @param run the run of this node that is to ask for them
     */
    record Unopened(UUID run, List<ChargedBudget> budgets) {}

    /** Admits a request, refuses it, or puts it into the line. */
    Admission admit(HoldRequest request) {
        synchronized (lock) {
            var spent = alreadySpent(request);
            if (spent.isPresent()) {
                return spent.get();
            }
            if (book.hasTooManySessions(request.client(), request.budgets())) {
                return new Admission.TooManySessions();
            }
            var hold = newHold(request);
            if (hold.isFreeOfLines()) {
                var decision = grace.decide(hold, request.nanos(), away);
                if (decision.isPresent()) {
                    return decision.get();
                }
            }
            if (away) {
                return new Admission.DatabaseAway();
            }
            if (line.bytes() + request.bytes() > mostBytes
                    || line.bytes(request.client()) + request.bytes() > mostBytes / CLIENT_PARTS) {
                return new Admission.LineIsFull(hold.obstacle(request.nanos()));
            }
            var waiter = new Waiter(request, hold, nanoTime.getAsLong(), new CompletableFuture<>());
            line.add(waiter);
            return new Admission.Waits(waiter);
        }
    }

    /** A request waits no longer. */
    void withdraw(Waiter waiter) {
        synchronized (lock) {
            line.remove(waiter);
        }
    }

    /**
     * Changes what a request holds, to this amount of each budget.
     *
     * @return the budgets that have not enough for it; if there is one, the request holds what it held before
     */
    List<AccountView> holdInstead(Hold hold, long nanos) {
        synchronized (lock) {
            long more = hold.hasEnded() ? 0 : nanos - hold.nanos();
            var lacking = new ArrayList<Account>();
            for (var account : hold.enforced()) {
                if (more > 0 && account.enforces() && account.free() < more) {
                    lacking.add(account);
                }
            }
            if (lacking.isEmpty() || away && isLent(hold, more)) {
                change(hold, more);
                return List.of();
            }
            lacking.forEach(account -> account.lacking().add(hold, more));
            return lacking.stream().map(Account::view).toList();
        }
    }

    /**
     * Changes what a request holds, with {@code budget.grace}, although the database may be usable: it does not respond.
     *
     * @return false if that does not suffice; then the request holds what it held before
     */
    boolean holdFromGrace(Hold hold, long nanos) {
        synchronized (lock) {
            long more = hold.hasEnded() ? 0 : nanos - hold.nanos();
            boolean lent = isLent(hold, more);
            if (lent) {
                change(hold, more);
            }
            return lent;
        }
    }

    /** Of what other nodes have taken from this one, as from a dead one, nothing more is spent. */
    @GuardedBy("lock")
    private boolean isLent(Hold hold, long more) {
        return hold.charged().run().equals(run) && grace.lendToRunning(hold, more);
    }

    /** The same, where responses may finish although a budget has not enough. */
    void holdAnyway(Hold hold, long nanos) {
        synchronized (lock) {
            change(hold, hold.hasEnded() ? 0 : nanos - hold.nanos());
        }
    }

    @GuardedBy("lock")
    private void change(Hold hold, long more) {
        for (var account : hold.enforced()) {
            account.lacking().remove(hold);
            account.change(more);
        }
        hold.nanos(hold.nanos() + more);
        if (more < 0) {
            grace.giveBack(hold, -more);
        }
    }

    /**
     * A request has ended. It holds nothing any more, and is charged what it cost.
     *
     * @return by how much that is more than it held; 0 if it ended before
     */
    long settle(Hold hold, long nanos) {
        synchronized (lock) {
            if (!hold.end()) {
                return 0;
            }
            long now = nanoTime.getAsLong();
            for (var account : hold.enforced()) {
                account.lacking().remove(hold);
                account.change(-hold.nanos());
            }
            for (var account : hold.accounts()) {
                account.charge(nanos, now);
                account.release();
            }
            long over = hold.enforced().isEmpty() ? 0 : Math.max(0, nanos - hold.nanos());
            grace.giveBack(hold, Math.max(0, hold.nanos() - nanos));
            // Accounts of an earlier run get nothing in addition that would make up for it.
            grace.end(hold, hold.charged().run().equals(run) ? over : 0);
            return over;
        }
    }

    /**
     * Decides about those that wait.
     *
     * @param longest how long a request may wait
     * @return the requests that wait no longer; the caller completes their decisions
     */
    Map<Waiter, Admission> serve(Duration longest) {
        synchronized (lock) {
            long now = nanoTime.getAsLong();
            var decided = new LinkedHashMap<Waiter, Admission>();
            for (var waiter : line.all()) {
                var refusal = refusal(waiter, now - waiter.since() >= longest.toNanos());
                if (refusal.isPresent()) {
                    line.remove(waiter);
                    decided.put(waiter, refusal.get());
                }
            }
            var lender = grace;
            boolean lends = away;
            decided.putAll(line.serve(
                    waiter -> lender.decide(waiter.hold(), waiter.request().nanos(), lends)));
            return decided;
        }
    }

    /**
     * What the next exchange asks the database for, about accounts that it knows.
     *
     * @param nodes how many nodes share the budgets; at least 1
     * @param all whether accounts count too that no request waits for
     */
    List<LeaseRequest> requests(int nodes, boolean all) {
        synchronized (lock) {
            long now = nanoTime.getAsLong();
            Map<Account, Line> lines = line.needed(now);
            var requests = new ArrayList<LeaseRequest>();
            for (var account : book.all()) {
                var demand = account.demand();
                boolean active = !ended && book.isActive(account, now);
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

    /** The budgets that the database was not asked for yet, with the run that is to ask. */
    Unopened unopened() {
        synchronized (lock) {
            return new Unopened(
                    run,
                    book.all().stream()
                            .filter(account -> !account.isOpen())
                            .map(Account::terms)
                            .toList());
        }
    }

    /** What the database is asked for first; empty if it was asked meanwhile. */
    Optional<LeaseRequest> newRequest(PeriodKey key, Opening opening) {
        synchronized (lock) {
            return Optional.ofNullable(book.find(key))
                    .filter(account -> !account.isOpen())
                    .map(account -> account.demand().newRequest(opening));
        }
    }

    /** The database was reached, and has confirmed this for this run. */
    void exchanged(UUID of, List<LeaseState> states) {
        synchronized (lock) {
            away = false;
            if (of.equals(run)) {
                states.forEach(this::confirm);
            }
        }
    }

    @GuardedBy("lock")
    private void confirm(LeaseState state) {
        var account = book.find(state.key());
        if (account != null) {
            account.exchanged(state);
            book.drop(account, nanoTime.getAsLong());
        }
    }

    /** A newer policy is in use: what it changes about a budget holds at once. */
    void adopt(UnaryOperator<ChargedBudget> current) {
        synchronized (lock) {
            book.adopt(current);
        }
    }

    /** The database cannot be used: what it granted may be spent, and nothing more. */
    void away() {
        synchronized (lock) {
            away = true;
        }
    }

    /** The database counts this node as dead. Requests that are open keep what they hold, and get nothing in addition. */
    void begin(UUID next) {
        synchronized (lock) {
            grace.endRun(run);
            run = next;
            book.clear();
        }
    }

    /** The periods of earlier runs that are beyond their leases, until {@link #stored} shows that the database has all of it. */
    Map<UUID, List<PeriodKey>> unstored() {
        synchronized (lock) {
            return grace.earlier();
        }
    }

    /** What stored rows of an earlier run have cost. */
    void stored(UUID of, Map<PeriodKey, Long> drawn) {
        synchronized (lock) {
            grace.stored(of, drawn);
        }
    }

    /** The node stops: from now on it wants only what its requests have cost. */
    void end() {
        synchronized (lock) {
            ended = true;
        }
    }

    /** Whether the database has all that requests have cost. */
    boolean isStored() {
        synchronized (lock) {
            return book.all().stream().allMatch(Account::isStored);
        }
    }

    /** Whether requests of other nodes wait for something that is free here. */
    boolean givesBack() {
        synchronized (lock) {
            return book.all().stream().anyMatch(Account::givesBack);
        }
    }

    /** Whether a request waits for an exchange with the database. */
    boolean isUrgent() {
        synchronized (lock) {
            return book.all().stream().map(Account::demand).anyMatch(LeaseDemand::isUrgent);
        }
    }

    /** How many requests wait. */
    int waiting() {
        synchronized (lock) {
            return line.size();
        }
    }

    /** Those that have waited longest, at most this many. */
    List<WaitingRequest> waiting(int most) {
        synchronized (lock) {
            return line.oldest(most, nanoTime.getAsLong());
        }
    }

    /** How many nano-dollars of {@code budget.grace} are held or spent. */
    long usedGrace() {
        synchronized (lock) {
            return grace.used();
        }
    }

    /** Identifies this node, until the database counts it as dead. */
    UUID run() {
        synchronized (lock) {
            return run;
        }
    }

    /** A copy of the numbers of each account. */
    List<AccountView> views() {
        synchronized (lock) {
            return book.all().stream().map(Account::view).toList();
        }
    }

    /** What there is to report about the budgets of a request. */
    List<BudgetStatus> statuses(Hold hold) {
        synchronized (lock) {
            return hold.accounts().stream()
                    .map(Account::view)
                    .map(AccountView::status)
                    .toList();
        }
    }

    @GuardedBy("lock")
    private Optional<Admission> refusal(Waiter waiter, boolean late) {
        if (!waiter.hold().charged().run().equals(run)) {
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
        boolean unknown = away || !waiter.hold().isOpen();
        return Optional.of(
                unknown
                        ? new Admission.DatabaseAway()
                        : new Admission.Waited(waiter.hold().obstacle(nanos)));
    }

    /** Before accounts are made: names of sessions cost a client nothing, and each account has rows in the database. */
    @GuardedBy("lock")
    private Optional<Admission> alreadySpent(HoldRequest request) {
        return Hold.spent(book.existing(request.budgets(), nanoTime.getAsLong()), request.nanos());
    }

    @GuardedBy("lock")
    private Hold newHold(HoldRequest request) {
        var charged = book.of(request.budgets(), nanoTime.getAsLong());
        var keys = charged.stream().map(Account::key).sorted().toList();
        return new Hold(charged, new Charged(run, keys));
    }
}
