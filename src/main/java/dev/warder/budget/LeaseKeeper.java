package dev.warder.budget;

import dev.warder.budget.lease.FencedException;
import dev.warder.budget.lease.LeaseRequest;
import dev.warder.budget.lease.LeaseStore;
import dev.warder.budget.lease.LiveNodes;
import dev.warder.budget.lease.Opening;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that gets money from the database, gives it back, reports that this node lives, and takes over what nodes have
 * left that no longer live. No request waits for this thread while what it has suffices. Thread-safe.
 */
final class LeaseKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

    /** How often accounts are compared with the database, and how soon after a request asks for it. */
    private static final long REGULAR = Duration.ofSeconds(1).toNanos();

    /** Until an account that a request waits for is looked at again: another node, or another request, may end soon. */
    private static final long URGENT_MILLIS = 50;

    private static final long PAUSE_MILLIS = 250;
    private static final long AWAY_MILLIS = 1000;
    private static final long BEAT = Duration.ofSeconds(5).toNanos();

    /** Without a beat for this long, by this node's own clock, another node is dead. */
    private static final long DEAD = Duration.ofSeconds(35).toNanos();

    /** The most accounts of one transaction, which locks their rows. */
    private static final int PART = 200;

    private static final long END_MILLIS = 4000;

    private final LeaseStore store;
    private String node = "";
    private final AccountLeases leases;
    private final AccountOpener opener;
    private final Events events;
    private final LongSupplier nanoTime;
    private final RepeatingThread thread;
    private final Map<UUID, Beat> beats = new HashMap<>();
    private UUID run;
    private @Nullable UUID abandoned;
    private int nodes = 1;
    private long beatAt;
    private long regularAt;
    private volatile boolean started;
    private volatile boolean away;

    /** Whether the opener had trouble: the database is to be asked even if no request needs it. */
    private volatile boolean suspect;

    private volatile @Nullable UUID fenced;
    private final AtomicLong looks = new AtomicLong();

    private record Beat(long count, long since) {}

    /** What happens around exchanges. */
    interface Events {
        /** Before the database is asked. Called by the keeper's thread only. */
        void before();

        /**
         * A beat has succeeded. Called by the keeper's thread only.
         *
         * @param asked the time before the database was asked for the live nodes, of the clock that never goes back
         * @param received the time after it
         */
        void beat(LiveNodes live, long asked, long received);

        /** After it was asked, or could not be asked. Called by the keeper's thread only. */
        void after();

        /** A budget that is new here can be used. Called by another thread. */
        void opened();
    }

    LeaseKeeper(
            LeaseStore store,
            UUID run,
            AccountLeases leases,
            Function<ChargedBudget, Opening> openings,
            Events events,
            ThreadFactory threads,
            LongSupplier nanoTime) {
        this.store = store;
        this.run = run;
        this.leases = leases;
        this.events = events;
        this.nanoTime = nanoTime;
        this.thread = new RepeatingThread(this::lookIfDue, this::giveBack, threads);
        this.opener = new AccountOpener(store, leases, openings, new OpenerEvents(), threads, nanoTime);
        regularAt = nanoTime.getAsLong();
        beatAt = regularAt - BEAT;
    }

    /** @param name the name of this node, which no other one has at the same time */
    void start(String name) {
        node = name;
        thread.start();
        opener.start();
    }

    private final class OpenerEvents implements AccountOpener.Events {
        @Override
        public void opened() {
            thread.wake();
            events.opened();
        }

        @Override
        public void failed() {
            suspect = true;
            thread.wake();
        }

        @Override
        public void fenced(UUID of) {
            fenced = of;
            suspect = true;
            thread.wake();
        }
    }

    /** A request needs more than there is, or a budget that is new. */
    void ask() {
        opener.wake();
        thread.wake();
    }

    /** Whether the database was reached since the start. */
    boolean isStarted() {
        return started;
    }

    /** How often the database was asked, or could not be asked. */
    long looks() {
        return looks.get();
    }

    /** Whether the database could not be used at the last attempt. */
    boolean isAway() {
        return away;
    }

    private long lookIfDue() {
        long now = nanoTime.getAsLong();
        boolean due = now - regularAt >= REGULAR;
        if (due || suspect || leases.isUrgent()) {
            regularAt = due ? now : regularAt;
            look(now, due);
        }
        if (away) {
            // Requests do not make a database asked more often that cannot be used.
            thread.ignoreWakes();
            return AWAY_MILLIS;
        }
        return leases.isUrgent() ? URGENT_MILLIS : PAUSE_MILLIS;
    }

    /** Never throws. */
    private void look(long now, boolean regular) {
        try {
            events.before();
            lookOnce(now, regular);
            started = true;
            report(false);
            opener.allow();
        } catch (FencedException dead) {
            beginAgain();
        } catch (SQLException failed) {
            report(true);
            leases.away();
        } catch (RuntimeException | Error fault) {
            LOG.error("The leases of budgets could not be compared with the database", fault);
            report(true);
            leases.away();
        }
        looks.incrementAndGet();
        events.after();
    }

    private void lookOnce(long now, boolean regular) throws SQLException, FencedException {
        if (!started) {
            takeOver();
        }
        if (run.equals(fenced)) {
            beginAgain();
        }
        if (abandoned != null) {
            // A lease that was made while the others were taken may still be there.
            LOG.debug("{} further leases were taken over", store.reap(abandoned));
            abandoned = null;
        }
        if (regular) {
            readEarlierRuns();
        }
        boolean asked = suspect;
        suspect = false;
        if (asked || regular && now - beatAt >= BEAT) {
            beat(now);
        }
        exchange(regular);
    }

    /** What they have used of the grace stays used until it is stored. */
    private void readEarlierRuns() throws SQLException {
        for (var earlier : leases.unstored().entrySet()) {
            leases.stored(earlier.getKey(), store.drawn(earlier.getKey(), earlier.getValue()));
        }
    }

    private void beginAgain() {
        LOG.warn(
                "Other nodes counted this one as dead, since it did not reach the database; it continues as a new node");
        abandoned = run;
        run = UUID.randomUUID();
        leases.begin(run);
    }

    private void report(boolean now) {
        if (now != away) {
            away = now;
            if (now) {
                LOG.warn("Budgets: the database cannot be used; only what this node has got of them can be spent");
            } else {
                LOG.info("Budgets: the database can be used again");
            }
        }
    }

    private void exchange(boolean all) throws SQLException, FencedException {
        var requests = leases.requests(nodes, all);
        for (int from = 0; from < requests.size(); from += PART) {
            exchange(requests.subList(from, Math.min(requests.size(), from + PART)));
        }
        if (requests.isEmpty()) {
            leases.exchanged(run, List.of());
        }
        if (!thread.isEnding() && leases.givesBack()) {
            thread.wake();
        }
    }

    private void exchange(List<LeaseRequest> part) throws SQLException, FencedException {
        leases.exchanged(run, store.exchange(run, part));
    }

    /** What this node had before its last stop, if it was killed. */
    private void takeOver() throws SQLException {
        for (var before : store.runsOf(node)) {
            if (!before.equals(run)) {
                LOG.info("Budgets: {} leases of an earlier run of this node were taken over", store.reap(before));
            }
        }
    }

    private void beat(long now) throws SQLException {
        boolean asleep = now - beatAt >= 3 * BEAT;
        store.beat(run, node);
        countNodes();
        var current = store.beats();
        beatAt = now;
        beats.keySet().retainAll(current.keySet());
        if (asleep) {
            // Others could not beat either, as on a host that was paused, or while the database was away.
            beats.clear();
        }
        for (var each : current.entrySet()) {
            look(each.getKey(), each.getValue(), now);
        }
    }

    private void countNodes() throws SQLException {
        long asked = nanoTime.getAsLong();
        var live = store.liveNodes();
        nodes = Math.max(1, live.count());
        events.beat(live, asked, nanoTime.getAsLong());
    }

    private void look(UUID other, long count, long now) throws SQLException {
        var known = beats.get(other);
        if (known == null || known.count() != count) {
            beats.put(other, new Beat(count, now));
        } else if (!other.equals(run) && now - known.since() >= DEAD) {
            LOG.warn("Budgets: {} leases of a node that no longer lives were taken over", store.reap(other));
            beats.remove(other);
        }
    }

    /** What is charged and not stored yet stays reserved. */
    private void giveBack() {
        try {
            if (started) {
                leases.end();
                exchange(true);
                if (leases.isStored()) {
                    store.end(run);
                }
            }
        } catch (SQLException | FencedException | RuntimeException failed) {
            LOG.debug("leases were not given back: {}", failed.getClass().getSimpleName());
        }
    }

    /** Gives back what is left. To be called after the last request has ended and the ledger is closed. */
    @Override
    public void close() {
        opener.close();
        thread.end(END_MILLIS);
    }
}
