package dev.warder.quota;

import dev.warder.container.RepeatingThread;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests that wait. Clients take turns, and so do the sessions of one client. No request overtakes: while one waits for an
 * amount, no later one takes of it. Not thread-safe: {@link NodeQuota} has the lock.
 */
final class WaitingLine {
    /** By client, those first whose turn is next, and by session. */
    private final Map<String, Map<String, ArrayDeque<Waiter>>> clients = new LinkedHashMap<>();

    /** Clients that have kept their place although one of their requests was served. */
    private final Set<String> kept = new HashSet<>();

    final Memory memory;
    private int size;

    /** @param mostBytes how much memory the bodies of waiting requests may keep, except for large ones */
    WaitingLine(long mostBytes) {
        memory = new Memory(mostBytes);
    }

    int size() {
        return size;
    }

    void add(Waiter waiter, long now) {
        var turn = waiter.turn;
        clients.computeIfAbsent(turn.client(), none -> new LinkedHashMap<>())
                .computeIfAbsent(turn.session(), none -> new ArrayDeque<>())
                .add(waiter);
        memory.change(turn, turn.bytes());
        size++;
        waiter.claim.refer(1);
        mark(waiter, now);
    }

    /** Takes a request out, if it is here. */
    void remove(Waiter waiter) {
        var sessions = clients.getOrDefault(waiter.turn.client(), Map.of());
        var session = sessions.get(waiter.turn.session());
        if (session == null || !session.remove(waiter)) {
            return;
        }
        if (session.isEmpty()) {
            sessions.remove(waiter.turn.session());
        }
        if (sessions.isEmpty()) {
            clients.remove(waiter.turn.client());
            kept.remove(waiter.turn.client());
        }
        size--;
        memory.change(waiter.turn, -waiter.turn.bytes());
        unmark(waiter);
        waiter.claim.refer(-1);
    }

    List<Waiter> all() {
        var all = new ArrayList<Waiter>(size);
        clients.values().forEach(sessions -> sessions.values().forEach(all::addAll));
        return all;
    }

    /** The requests that have waited longest, at most this many. */
    List<Waiter> oldest(int most, long now) {
        return all().stream()
                .sorted(Comparator.comparingLong(waiter -> waiter.since - now))
                .limit(most)
                .toList();
    }

    /** Decides about those whose turn it is, until no further one can be decided. They are in the line no longer. */
    Map<Waiter, Admission> serve(long now) {
        var decided = new LinkedHashMap<Waiter, Admission>();
        all().forEach(WaitingLine::unmark);
        var inTurn = new ArrayList<>(clients.keySet());
        while (!inTurn.isEmpty()) {
            inTurn.removeIf(client -> !serveOne(client, decided, now));
        }
        all().forEach(waiter -> mark(waiter, now));
        return decided;
    }

    /**
     * Decides about the next request of a client. A session that lacks something does not keep the others of its client waiting. Its
     * client keeps its place then, so that it is not overtaken each time, but not twice, so that others have their turn too.
     *
     * @return false when none can be decided now
     */
    private boolean serveOne(String client, Map<Waiter, Admission> decided, long now) {
        boolean passed = false;
        for (var session : clients.getOrDefault(client, Map.of()).values()) {
            var first = session.element();
            var decision = first.marked || first.claim.isWaitedFor(now)
                    ? Optional.<Admission>empty()
                    : first.claim.decide(now);
            if (decision.isPresent()) {
                decided.put(first, decision.get());
                remove(first);
                endTurn(first.turn, passed);
                return true;
            }
            passed = true;
            mark(first, now);
        }
        return false;
    }

    private void endTurn(Turn turn, boolean passed) {
        var sessions = clients.get(turn.client());
        if (sessions != null) {
            var session = sessions.remove(turn.session());
            if (session != null) {
                sessions.put(turn.session(), session);
            }
            if (!passed || !kept.add(turn.client())) {
                kept.remove(turn.client());
                clients.remove(turn.client());
                clients.put(turn.client(), sessions);
            }
        }
    }

    /** It waits for amounts that have not enough, or that an earlier one waits for, and asks for all up to those of their owner. */
    private static void mark(Waiter waiter, long now) {
        if (waiter.marked) {
            return;
        }
        var claim = waiter.claim;
        var lacking = new ArrayList<Amount>(1);
        for (int i = 0; i < claim.size(); i++) {
            var amount = claim.amount(i);
            long need = claim.need(i);
            if (!lacking.isEmpty() && !amount.owner().equals(lacking.get(0).owner())) {
                break;
            }
            if (amount.isWaitedFor(need, now) || !amount.has(need, now)) {
                lacking.add(amount);
            }
            amount.addDemand(waiter, need);
        }
        lacking.forEach(amount -> amount.lacks(1));
        waiter.lacking = lacking;
        waiter.marked = true;
    }

    private static void unmark(Waiter waiter) {
        for (int i = 0; i < waiter.claim.size(); i++) {
            waiter.claim.amount(i).removeDemand(waiter);
        }
        waiter.lacking.forEach(amount -> amount.lacks(-1));
        waiter.lacking = List.of();
        waiter.marked = false;
    }

    /**
     * The memory that the bodies of waiting requests keep, and how much of it they may. One client may use half of it, so that
     * others can wait too.
     *
     * <p>A body may be larger than that half: its request may lack nothing but a lease, and would otherwise be refused each time.
     * One of each client may wait, for no longer than a lease takes, and counts as that half.
     */
    static final class Memory {
        private final long most;
        final long part;
        private final Map<String, Long> byClient = new HashMap<>();
        private long counted;

        Memory(long most) {
            this.most = most;
            this.part = most / 2;
        }

        boolean isFull(Turn turn) {
            long own = byClient.getOrDefault(turn.client(), 0L);
            long together = own + turn.bytes();
            boolean clientIsFull = turn.bytes() > part ? own > part : together > part;
            return clientIsFull || counted + counting(together) - counting(own) > most;
        }

        void change(Turn turn, long more) {
            long before = byClient.getOrDefault(turn.client(), 0L);
            counted += counting(before + more) - counting(before);
            byClient.compute(turn.client(), (client, bytes) -> before + more == 0 ? null : (Long) (before + more));
        }

        private long counting(long bytes) {
            return Math.min(part, bytes);
        }
    }

    /**
     * The place of a request in the line. Immutable.
     *
     * @param client the name of the client, which takes its turn among all clients
     * @param session the caller's name of its session, which takes its turn within the client; empty text if it has none
     * @param bytes memory that the request keeps while it waits
     */
    record Turn(String client, String session, long bytes) {}

    /** A request that waits; compared by identity. {@link NodeQuota} has the lock. */
    static final class Waiter {
        final Turn turn;

        /** It has taken nothing yet. */
        final Claim claim;

        /** The moment at which it began to wait, on a clock that never goes back. */
        final long since;

        /** Is completed without a lock, with one that is not {@link Admission.Waits}. */
        final CompletableFuture<Admission> decision = new CompletableFuture<>();

        /** The amounts that it waits for, of one owner: those that have not enough, or that an earlier one waits for. */
        List<Amount> lacking = List.of();

        /** Its amounts know that it waits. */
        boolean marked;

        Waiter(Turn turn, Claim claim, long since) {
            this.turn = turn;
            this.claim = claim;
            this.since = since;
        }
    }

    /**
     * The thread that admits waiting requests. A request that ends does not do it itself, since it may end on a thread with
     * locks of its own. Thread-safe.
     */
    static final class Server implements AutoCloseable {
        private static final Logger LOG = LoggerFactory.getLogger(WaitingLine.class);

        /** How late the end of a wait may be noticed. */
        private static final long PAUSE_MILLIS = 100;

        private static final long END_MILLIS = 1000;

        /** Others have the lock for three quarters of the time at least. */
        private static final int REST = 3;

        private static final long LONGEST_REST = TimeUnit.MILLISECONDS.toNanos(50);

        private final Supplier<Map<Waiter, Admission>> serve;
        private final LongSupplier nanoTime;
        private final RepeatingThread thread;

        /**
         * @param serve takes those out of the line that wait no longer
         * @param nanoTime a clock that never goes back
         */
        Server(Supplier<Map<Waiter, Admission>> serve, ThreadFactory threads, LongSupplier nanoTime) {
            this.serve = serve;
            this.nanoTime = nanoTime;
            this.thread = new RepeatingThread(this::serveAndRest, () -> {}, threads);
        }

        void start() {
            thread.start();
        }

        void wake() {
            thread.wake();
        }

        private long serveAndRest() throws InterruptedException {
            long began = nanoTime.getAsLong();
            serve.get().forEach(Server::complete);
            // With thousands that wait it takes milliseconds, and each request that ends would be a reason for it.
            TimeUnit.NANOSECONDS.sleep(Math.min(LONGEST_REST, REST * (nanoTime.getAsLong() - began)));
            return PAUSE_MILLIS;
        }

        private static void complete(Waiter waiter, Admission decision) {
            try {
                waiter.decision.complete(decision);
            } catch (RuntimeException | Error fault) {
                LOG.error("A request that waited could not be served", fault);
            }
        }

        @Override
        public void close() {
            thread.end(END_MILLIS);
        }
    }
}
