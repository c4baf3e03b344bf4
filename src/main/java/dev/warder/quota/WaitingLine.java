package dev.warder.quota;

import dev.warder.ledger.lease.Line;
import dev.warder.quota.WaitingRequest.Why;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for money, in a fair order: deficit round robin (Shreedhar and Varghese, 1995) over clients by what
 * they hold, and one after the other over the sessions of a client. No request overtakes: while one
 * waits for a budget, no later one takes money of that budget. Not thread-safe: {@link Accounts} has the lock.
 */
final class WaitingLine {
    private final Map<String, ClientTurn> clients = new LinkedHashMap<>();

    /** The budgets that each request waits for: those that have not enough for it, or that an earlier one waits for. */
    private final IdentityHashMap<Waiter, List<Account>> lacking = new IdentityHashMap<>();

    final LineMemory memory;
    private int size;

    WaitingLine(long mostBytes) {
        memory = new LineMemory(mostBytes);
    }

    int size() {
        return size;
    }

    void add(Waiter waiter) {
        var request = waiter.request();
        clients.computeIfAbsent(request.client(), none -> new ClientTurn()).add(waiter);
        memory.change(request.client(), request.bytes());
        size++;
        waiter.hold().accounts.forEach(Account::refer);
        mark(waiter);
    }

    private void mark(Waiter waiter) {
        long nanos = waiter.request().nanos();
        var marked = lacked(waiter, account -> account.isWaitedFor() || !account.admits(nanos));
        marked.forEach(account -> account.waits(1));
        lacking.put(waiter, marked);
    }

    /** First those of its client alone: what others share would be collected for it in vain while it lacks one of them. */
    private static List<Account> lacked(Waiter waiter, Predicate<Account> lacks) {
        var all = waiter.hold().enforced.stream().filter(lacks).toList();
        var own = all.stream().filter(Account::isOfOneClient).toList();
        return own.isEmpty() ? all : own;
    }

    /**
     * The budgets that a request needs now: those of its client alone while it lacks one of them, and otherwise all. Money of the
     * others would wait with it, perhaps in vain, while other nodes could spend it.
     */
    private List<Account> needed(Waiter waiter) {
        var all = waiter.hold().enforced;
        return lacking.getOrDefault(waiter, List.of()).stream().anyMatch(Account::isOfOneClient)
                ? all.stream().filter(Account::isOfOneClient).toList()
                : all;
    }

    Map<Account, Line> needed(long now) {
        var lines = new HashMap<Account, Line>();
        for (var waiter : all()) {
            int millis = (int) Math.max(0, TimeUnit.NANOSECONDS.toMillis(now - waiter.since()));
            for (var account : needed(waiter)) {
                long most = account.terms().budget().terms().nanos();
                long nanos = Math.min(most, waiter.request().nanos());
                lines.merge(account, new Line(nanos, millis), (one, other) -> one.and(other, most));
            }
        }
        return lines;
    }

    private void unmark(Waiter waiter) {
        var marked = lacking.remove(waiter);
        if (marked != null) {
            marked.forEach(account -> account.waits(-1));
        }
    }

    boolean remove(Waiter waiter) {
        var turn = clients.get(waiter.request().client());
        if (turn == null || !turn.remove(waiter)) {
            return false;
        }
        left(waiter);
        if (turn.sessions.isEmpty()) {
            clients.remove(waiter.request().client());
        }
        return true;
    }

    List<Waiter> all() {
        var all = new ArrayList<Waiter>(size);
        clients.values().forEach(turn -> turn.sessions.values().forEach(all::addAll));
        return all;
    }

    List<WaitingRequest> oldest(int most, long now) {
        return all().stream()
                .sorted(Comparator.comparingLong(waiter -> waiter.since() - now))
                .limit(most)
                .map(waiter -> view(waiter, now))
                .toList();
    }

    private WaitingRequest view(Waiter waiter, long now) {
        long nanos = waiter.request().nanos();
        var marked = lacking.getOrDefault(waiter, List.of());
        var waitedFor = marked.isEmpty() ? waiter.hold().enforced : marked;
        return new WaitingRequest(
                waiter.request().client(),
                waitedFor.stream().map(each -> each.terms().budget().key()).toList(),
                waitedFor.stream()
                        .map(each -> each.waitsFor(nanos))
                        .min(Comparator.naturalOrder())
                        .orElse(Why.EARLIER),
                nanos,
                Duration.ofNanos(now - waiter.since()));
    }

    Map<Waiter, Admission> serve() {
        var decided = new LinkedHashMap<Waiter, Admission>();
        Set<Account> blocked = new HashSet<>();
        long quantum = quantum();
        boolean progress = true;
        while (progress && size > 0) {
            progress = false;
            for (var client : List.copyOf(clients.keySet())) {
                progress |= serve(client, quantum, blocked, decided);
            }
        }
        var rest = all();
        rest.forEach(this::unmark);
        rest.forEach(this::mark);
        return decided;
    }

    private boolean serve(String client, long quantum, Set<Account> blocked, Map<Waiter, Admission> decided) {
        var turn = clients.get(client);
        var left = turn == null ? new ArrayDeque<Waiter>() : turn.firsts();
        // A session that lacks money of its own does not keep the others of its client waiting.
        left.removeIf(first -> isBlocked(first, blocked));
        if (turn == null || left.isEmpty()) {
            return false;
        }
        if (!turn.begun) {
            // A turn that was interrupted goes on with what is left of it: with more each time, it would never end.
            turn.deficit = Math.min(turn.deficit + quantum, 2 * quantum);
            turn.begun = true;
        }
        for (var next = left.poll(); next != null; next = left.poll()) {
            if (isBlocked(next, blocked)) {
                continue;
            }
            if (turn.deficit < next.request().nanos()) {
                turn.begun = false;
                clients.remove(client);
                clients.put(client, turn);
                return true;
            }
            decide(next, turn, blocked, decided).ifPresent(left::add);
        }
        if (turn.sessions.isEmpty()) {
            clients.remove(client);
        }
        return false;
    }

    private Optional<Waiter> decide(
            Waiter waiter, ClientTurn turn, Set<Account> blocked, Map<Waiter, Admission> decided) {
        long nanos = waiter.request().nanos();
        var decision = waiter.hold().decide(nanos);
        if (decision.isEmpty()) {
            blocked.addAll(lacked(waiter, account -> !account.admits(nanos)));
            return Optional.empty();
        }
        decided.put(waiter, decision.get());
        turn.deficit -= decision.get() instanceof Admission.Held ? nanos : 0;
        var following = turn.served(waiter);
        left(waiter);
        return Optional.ofNullable(following);
    }

    private static boolean isBlocked(Waiter waiter, Set<Account> blocked) {
        return waiter.hold().enforced.stream().anyMatch(blocked::contains);
    }

    /** Enough for the largest request of all, so that each turn serves at least one: otherwise a round might bring nothing. */
    private long quantum() {
        long largest = 1;
        for (var turn : clients.values()) {
            for (var session : turn.sessions.values()) {
                for (var waiter : session) {
                    largest = Math.max(largest, waiter.request().nanos());
                }
            }
        }
        return largest;
    }

    private void left(Waiter waiter) {
        size--;
        memory.change(waiter.request().client(), -waiter.request().bytes());
        unmark(waiter);
        waiter.hold().accounts.forEach(Account::release);
    }

    /** The requests of one client that wait. Not thread-safe: {@link Accounts} has the lock. */
    private static final class ClientTurn {
        final Map<String, ArrayDeque<Waiter>> sessions = new LinkedHashMap<>();
        long deficit;

        /** True while its turn is interrupted because money is lacking. */
        boolean begun;

        void add(Waiter waiter) {
            sessions.computeIfAbsent(waiter.request().session(), none -> new ArrayDeque<>())
                    .add(waiter);
        }

        Deque<Waiter> firsts() {
            var firsts = new ArrayDeque<Waiter>(sessions.size());
            sessions.values().forEach(session -> firsts.add(session.element()));
            return firsts;
        }

        /** Takes the first one of its session away; the session goes to the end. Null if that was its last one. */
        @Nullable
        Waiter served(Waiter waiter) {
            var rest = Objects.requireNonNull(sessions.remove(waiter.request().session()));
            rest.remove();
            if (!rest.isEmpty()) {
                sessions.put(waiter.request().session(), rest);
            }
            return rest.peek();
        }

        boolean remove(Waiter waiter) {
            var session = sessions.get(waiter.request().session());
            if (session == null || !session.remove(waiter)) {
                return false;
            }
            if (session.isEmpty()) {
                sessions.remove(waiter.request().session());
            }
            return true;
        }
    }

    /**
     * The memory that the bodies of waiting requests keep, and how much of it they may. One client may use half of it, so that
     * others can wait too. Not thread-safe: {@link Accounts} has the lock.
     *
     * <p>A body may be larger than that half: its request may lack nothing but a lease, and would otherwise be refused each time.
     * One of each client may wait, for no longer than a lease takes, and counts as that half.
     */
    static final class LineMemory {
        private static final long CLIENT_PARTS = 2;

        private final long most;
        private final long part;
        private final Map<String, Long> byClient = new HashMap<>();
        private long counted;

        /** @param most how many bytes may be kept */
        LineMemory(long most) {
            this.most = most;
            this.part = most / CLIENT_PARTS;
        }

        boolean isLarge(long bytes) {
            return bytes > part;
        }

        boolean isFull(String client, long bytes) {
            long own = of(client);
            boolean clientIsFull = isLarge(bytes) ? isLarge(own) : own + bytes > part;
            return clientIsFull || counted - counting(own) + counting(own + bytes) > most;
        }

        void change(String client, long more) {
            long before = of(client);
            long after = before + more;
            counted += counting(after) - counting(before);
            if (after == 0) {
                byClient.remove(client);
            } else {
                byClient.put(client, after);
            }
        }

        private long of(String client) {
            return byClient.getOrDefault(client, 0L);
        }

        private long counting(long bytes) {
            return Math.min(part, bytes);
        }
    }
}
