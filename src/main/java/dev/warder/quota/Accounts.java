package dev.warder.quota;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.LeaseStore.LeaseRequest;
import dev.warder.ledger.store.LeaseStore.LeaseState;
import dev.warder.ledger.store.LeaseStore.Line;
import dev.warder.ledger.store.LeaseStore.Opening;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.quota.BudgetReport.WaitingRequest;
import dev.warder.quota.BudgetReport.WaitingRequest.Why;
import dev.warder.quota.WaitingLine.Turn;
import dev.warder.quota.WaitingLine.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The budgets of this node: what open requests hold of them, and who waits. Its invariant: of each budget, what is charged and
 * held is at most what the database has granted, as long as no request costs more than it holds. Thread-safe; no method waits.
 *
 * <p>Requests ask for admission and wait here, and those that were admitted change what they hold. The threads that ask the
 * database take from here what to ask for, and bring what it has granted.
 */
final class Accounts extends NodeQuota {
    /** How long a lease takes that another node has to give back: a large body waits for nothing else. */
    private static final Duration LEASE_WAIT = Duration.ofSeconds(2);

    /** Nano-dollars: each request costs something. */
    private static final long ANY = 1;

    @GuardedBy("this")
    private final AccountBook book = new AccountBook();

    /** Identifies this start of the node, until the database counts it as dead. */
    @GuardedBy("this")
    private UUID run;

    /** The database could not be used at the last attempt. Before the first, requests wait for it. */
    @GuardedBy("this")
    private boolean away;

    /** Whether the node stops. */
    @GuardedBy("this")
    private boolean ended;

    /**
     * Creates them; there is none before a request asks for one.
     *
     * @param run identifies this start of the node
     * @param mostBytes the most memory that bodies of waiting requests may keep, except for large ones that wait for seconds
     * @param nanoTime a clock that never goes back
     */
    Accounts(UUID run, long mostBytes, LongSupplier nanoTime) {
        super(mostBytes, nanoTime);
        this.run = run;
    }

    /** A newer policy is in use: what it changes about a budget holds at once. */
    synchronized void adopt(UnaryOperator<ChargedBudget> current) {
        book.accounts.values().forEach(account -> account.adopt(current.apply(account.terms())));
    }

    synchronized UUID run() {
        return run;
    }

    synchronized List<Account.View> views() {
        return book.accounts.values().stream().map(Account::view).toList();
    }

    /** The refusal for any request, since a budget is spent, and no other one that limits the request begins again later. */
    synchronized Optional<Admission.Spent> spent(List<ChargedBudget> budgets) {
        return Hold.spent(book.existing(budgets, now()), ANY).filter(spent -> {
            var end = spent.account().terms().end();
            return budgets.stream()
                    .noneMatch(each -> each.enforces() && each.end().isAfter(end));
        });
    }

    synchronized Admission admit(HoldRequest request) {
        // Before accounts are made: names of sessions cost a client nothing.
        var spent = Hold.spent(book.existing(request.budgets(), now()), request.nanos());
        if (spent.isPresent()) {
            return spent.get();
        }
        var accounts = book;
        var further =
                request.budgets().stream().filter(accounts::isOfFurtherSession).toList();
        if (further.stream().anyMatch(ChargedBudget::enforces)) {
            return new Admission.TooManySessions();
        }
        // Those that only count refuse nothing.
        var charged = request.budgets();
        if (!further.isEmpty()) {
            charged = charged.stream().filter(each -> !further.contains(each)).toList();
        }
        var hold = new Hold(book.of(charged, now()), run, request.nanos());
        var decision = decide(hold);
        if (decision.isPresent()) {
            return decision.get();
        }
        if (away) {
            return new Admission.DatabaseAway();
        }
        var turn = new Turn(request.client(), request.session(), request.bytes());
        return line.memory.isFull(turn) ? new Admission.LineIsFull(hold.obstacle()) : await(turn, hold);
    }

    /** The requests that have waited longest, at most this many. */
    synchronized List<WaitingRequest> waiting(int most) {
        long now = now();
        return line.oldest(most, now).stream().map(waiter -> view(waiter, now)).toList();
    }

    private static WaitingRequest view(Waiter waiter, long now) {
        var hold = (Hold) waiter.claim;
        var lacking = hold.enforced.stream()
                .filter(each -> waiter.lacking.isEmpty() || waiter.lacking.contains(each))
                .toList();
        long nanos = hold.need(0);
        return new WaitingRequest(
                waiter.turn.client(),
                lacking.stream().map(each -> each.terms().budget().key()).toList(),
                lacking.stream()
                        .map(each -> each.waitsFor(nanos))
                        .min(Comparator.naturalOrder())
                        .orElse(Why.EARLIER),
                nanos,
                Duration.ofNanos(now - waiter.since));
    }

    @Override
    @GuardedBy("this")
    Optional<Admission> overdue(Waiter waiter, Duration longest, long now) {
        boolean large = waiter.turn.bytes() > line.memory.part && longest.compareTo(LEASE_WAIT) > 0;
        if (now - waiter.since < (large ? LEASE_WAIT : longest).toNanos() || !(waiter.claim instanceof Hold hold)) {
            return Optional.empty();
        }
        return Optional.of(
                away || !hold.isOpen() ? new Admission.DatabaseAway() : new Admission.Waited(hold.obstacle()));
    }

    /**
     * Changes what a request holds, to this amount of each budget.
     *
     * @return the budgets that have not enough for it; if there is one, the request holds what it held before
     */
    synchronized List<Account.View> holdInstead(Hold hold, long nanos) {
        long more = more(hold, nanos);
        var lacking = hold.enforced.stream()
                .filter(account -> account.beyondLease(more) > 0)
                .toList();
        if (lacking.isEmpty()) {
            change(hold, more);
            return List.of();
        }
        lacking.forEach(account -> account.lacking.add(hold, more));
        return lacking.stream().map(Account::view).toList();
    }

    /** Changes what a request holds, where responses may finish although a budget has not enough. */
    synchronized void holdAnyway(Hold hold, long nanos) {
        long more = more(hold, nanos);
        long beyond = hold.enforced.stream()
                .mapToLong(account -> account.beyondLease(more))
                .max()
                .orElse(0);
        change(hold, more);
        hold.beyond += beyond;
    }

    /**
     * A request has ended. It holds nothing any more, and is charged what it cost.
     *
     * @return by how much that is more than its budgets held for it; 0 if it ended before
     */
    synchronized long settle(Hold hold, long nanos) {
        if (hold.ended) {
            return 0;
        }
        hold.ended = true;
        // What it has held stays known: a look of its meter that has begun before may note it once more.
        for (var account : hold.enforced) {
            account.lacking.remove(hold);
            account.change(-hold.nanos());
        }
        long now = now();
        for (var account : hold.accounts) {
            account.charge(nanos, now);
            account.refer(-1);
        }
        return hold.isLimited() ? Math.max(0, nanos - hold.nanos() + hold.beyond) : 0;
    }

    /**
     * The accounts that a request which ends now is charged to.
     *
     * @param added budgets that were added since its admission are among these
     */
    synchronized Charged charged(Hold hold, List<ChargedBudget> added) {
        // Once to each budget: one whose zone has changed has another window now.
        var known = hold.charged().periods().stream().map(PeriodKey::budget).collect(Collectors.toSet());
        var further = added.stream()
                .filter(each -> !known.contains(each.key().budget()))
                .toList();
        if (!further.isEmpty() && !hold.ended) {
            // Accounts of a later run reserve nothing for it.
            boolean current = hold.charged().run().equals(run);
            hold.add(further, current ? book.of(further, now()) : List.of());
        }
        return hold.charged();
    }

    synchronized List<BudgetLine> statuses(Hold hold) {
        return hold.accounts.stream().map(Account::view).map(Account.View::line).toList();
    }

    private static long more(Hold hold, long nanos) {
        return hold.ended ? 0 : nanos - hold.nanos();
    }

    @GuardedBy("this")
    private void change(Hold hold, long more) {
        for (var account : hold.enforced) {
            account.lacking.remove(hold);
            account.change(more);
        }
        hold.nanos(hold.nanos() + more);
    }

    /**
     * Budgets that are new here.
     *
     * @param run the run of this node that is to ask for them
     */
    record Unopened(UUID run, List<ChargedBudget> budgets) {}

    /**
     * The next requests to the database, about accounts that it knows.
     *
     * @param nodes how many nodes share the budgets; at least 1
     * @param all whether accounts count too that no request waits for
     */
    synchronized List<LeaseRequest> leaseRequests(int nodes, boolean all) {
        long now = now();
        var requests = new ArrayList<LeaseRequest>();
        for (var account : book.accounts.values()) {
            boolean active = !ended && account.isActive(now);
            var waiting = account.line(now);
            long wanted = account.wanted(waiting.nanos(), nodes, active);
            if (account.isOpen() && (account.isUrgent() || all && account.isDue(wanted, nodes))) {
                account.shrinkTo(wanted);
                requests.add(account.request(Opening.NONE, account.least(), wanted, waiting));
            }
        }
        return requests;
    }

    /** Accounts of sessions, which are opened at once, come first. */
    synchronized Unopened unopened() {
        return new Unopened(
                run,
                book.accounts.values().stream()
                        .filter(account -> !account.isOpen())
                        .map(Account::terms)
                        .sorted(Comparator.comparing(budget -> !budget.isOfSession()))
                        .toList());
    }

    synchronized Optional<LeaseRequest> newRequest(PeriodKey key, Opening opening) {
        return Optional.ofNullable(book.accounts.get(key))
                .filter(account -> !account.isOpen())
                // Nothing is held yet, and what was charged before is not known.
                .map(account -> account.request(opening, 0, 0, Line.NONE));
    }

    synchronized void reserved(UUID of, List<LeaseState> states) {
        away = false;
        if (of.equals(run)) {
            for (var state : states) {
                var account = book.accounts.get(state.key());
                if (account != null) {
                    account.reserved(state);
                    book.drop(account, now());
                }
            }
        }
    }

    /** The database cannot be used: what it granted may be spent, and nothing more. */
    synchronized void away() {
        away = true;
    }

    /** The database counts this node as dead. Requests that are open share what it had, and get nothing in addition. */
    synchronized void begin(UUID next) {
        run = next;
        book.clear();
    }

    /** The node stops: from now on it wants only what its requests have cost. */
    synchronized void end() {
        ended = true;
    }

    synchronized boolean isStored() {
        return book.accounts.values().stream().allMatch(Account::isStored);
    }

    synchronized boolean givesBack() {
        return book.accounts.values().stream().anyMatch(Account::givesBack);
    }

    synchronized boolean isUrgent() {
        return book.accounts.values().stream().anyMatch(Account::isUrgent);
    }

    /** All accounts of this node. Not thread-safe: {@link Accounts} has the lock. */
    static final class AccountBook {
        /** Sessions of one client at the same time: their ids are the client's choice. */
        private static final int MOST_SESSIONS = 1000;

        private final Map<PeriodKey, Account> accounts = new HashMap<>();

        private final Map<String, Map<String, Integer>> sessions = new HashMap<>();

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

        void drop(Account account, long now) {
            if (account.isIdle() && !account.isActive(now)) {
                accounts.remove(account.key);
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
            accounts.values().forEach(account -> account.abandoned = true);
            accounts.clear();
            sessions.clear();
        }
    }

    /**
     * A request that asks for its admission.
     *
     * @param client the name of the client, which takes its turn among all clients
     * @param session the caller's name of its session, which takes its turn within the client; empty text if it has none
     * @param budgets what it is charged to
     * @param nanos nano-dollars to be held
     * @param bytes memory that it keeps while it waits
     */
    public record HoldRequest(String client, String session, List<ChargedBudget> budgets, long nanos, long bytes) {}
}
