package dev.warder.quota;

import dev.warder.container.RepeatingThread;
import dev.warder.ledger.store.LeaseStore;
import dev.warder.ledger.store.LeaseStore.FencedException;
import dev.warder.ledger.store.LeaseStore.Opening;
import dev.warder.ledger.store.PeriodKey;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that gets money from the database, gives it back, reports that this node lives, and takes over what nodes have
 * left that no longer live; and a second one for budgets that are new to this node, see {@link Opener}. No request waits for
 * these threads while what they have got suffices. Thread-safe.
 */
final class LeaseKeeper extends Keeper {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

    /** How often accounts are compared with the database, and how soon after a request asks for it. */
    private static final long REGULAR = Duration.ofSeconds(1).toNanos();

    /** Until an account that a request waits for is looked at again: another node, or another request, may end soon. */
    private static final long URGENT_MILLIS = 50;

    private static final long PAUSE_MILLIS = 250;

    /** Until a database is asked again that could not be used, however much requests need. */
    private static final long AWAY = Duration.ofSeconds(1).toNanos();

    /** The most accounts of one transaction, which locks their rows. */
    private static final int PART = 200;

    /** How long a budget that could not be read in time is left alone. */
    private static final long AGAIN = Duration.ofSeconds(10).toNanos();

    /** The statement was cancelled, by its limit of time: PostgreSQL, appendix A; H2, error codes. */
    private static final String CANCELLED = "57014";

    private static final long OPENER_END_MILLIS = 1000;

    private static final long BEAT = Duration.ofSeconds(5).toNanos();

    /** Without a beat for this long, by this node's own clock, another node is dead. */
    private static final long DEAD = Duration.ofSeconds(35).toNanos();

    private static final Duration APART = Duration.ofSeconds(60);
    private static final Duration SLACK = Duration.ofSeconds(5);

    private final LeaseStore store;
    private final Accounts accounts;
    private final Opener opener;
    private final InstantSource clock;
    private final Runnable before;
    private final Runnable after;
    private final Map<UUID, Beat> beats = new HashMap<>();
    private String node = "";
    private UUID run;

    /** The run that this node was before the database counted it as dead. */
    private @Nullable UUID abandoned;

    /** How many nodes share the budgets; at least 1. */
    private int nodes = 1;

    private long beatAt;
    private long regularAt;
    private boolean awaitedEarlierRun;
    private boolean clocksApart;
    private long askedAt;
    private volatile boolean started;

    /** Whether the opener had trouble: the database is to be asked even if no request needs it. */
    private volatile boolean suspect;

    private volatile @Nullable UUID fenced;
    private final AtomicLong looks = new AtomicLong();

    /** The last number of beats of a node, and when this one saw it first. */
    private record Beat(long count, long since) {}

    /**
     * Creates it; nothing is asked before {@link #start}.
     *
     * @param openings the rows of the ledger that a budget begins with
     * @param before runs on its thread before the database is asked
     * @param after runs on its thread after the database was asked, or could not be asked
     */
    LeaseKeeper(
            LeaseStore store,
            Accounts accounts,
            Function<ChargedBudget, Opening> openings,
            InstantSource clock,
            Runnable before,
            Runnable after,
            ThreadFactory threads) {
        super("Budgets", "only what this node has got of them can be spent", threads, accounts::now);
        this.accounts = accounts;
        this.before = before;
        this.after = after;
        this.store = store;
        this.clock = clock;
        this.run = accounts.run();
        // The first ones are due: until then no request is admitted that a budget limits.
        regularAt = nanoTime.getAsLong() - REGULAR;
        beatAt = nanoTime.getAsLong() - BEAT;
        opener = new Opener(openings, threads);
    }

    void start(String name) {
        node = name;
        thread.start();
        opener.thread.start();
    }

    @Override
    void ask() {
        opener.thread.wake();
        super.ask();
    }

    boolean isStarted() {
        return started;
    }

    long looks() {
        return looks.get();
    }

    @Override
    long look() {
        long now = nanoTime.getAsLong();
        boolean due = now - regularAt >= REGULAR;
        boolean paused = isAway() && now - askedAt < AWAY;
        if (!paused && (due || suspect || accounts.isUrgent())) {
            regularAt = due ? now : regularAt;
            look(now, due);
        }
        if (isAway()) {
            return Math.max(1, TimeUnit.NANOSECONDS.toMillis(AWAY - (nanoTime.getAsLong() - askedAt)));
        }
        return accounts.isUrgent() ? URGENT_MILLIS : PAUSE_MILLIS;
    }

    /** Never throws. */
    private void look(long now, boolean regular) {
        try {
            before.run();
            // An application that is deployed again may give back what it has, while the new one starts: it has
            // until the next look.
            boolean waits = !started && !awaitedEarlierRun && !earlierRuns().isEmpty();
            awaitedEarlierRun = true;
            if (!waits) {
                lookOnce(now, regular);
                if (!started) {
                    started = true;
                    opener.thread.wake();
                }
            }
            report(false);
        } catch (FencedException dead) {
            beginAgain();
        } catch (SQLException | RuntimeException | Error failed) {
            if (!(failed instanceof SQLException)) {
                LOG.error("The leases of budgets could not be compared with the database", failed);
            }
            report(true);
            accounts.away();
        }
        askedAt = nanoTime.getAsLong();
        looks.incrementAndGet();
        after.run();
    }

    /** The database has others: this node was killed, or has not given back all yet. */
    private List<UUID> earlierRuns() throws SQLException {
        return store.runsOf(node).stream().filter(each -> !each.equals(run)).toList();
    }

    private void lookOnce(long now, boolean regular) throws SQLException, FencedException {
        if (!started) {
            for (var before : earlierRuns()) {
                LOG.info("Budgets: {} leases of an earlier run of this node were taken over", store.reap(before));
            }
        }
        if (run.equals(fenced)) {
            beginAgain();
        }
        if (abandoned != null) {
            LOG.debug("{} further leases were taken over", store.reap(abandoned));
            abandoned = null;
        }
        boolean asked = suspect;
        suspect = false;
        if (asked || regular && now - beatAt >= BEAT) {
            beat(now);
        }
        reserve(regular);
        if (!thread.isEnding() && accounts.givesBack()) {
            thread.wake();
        }
    }

    private void beat(long now) throws SQLException {
        store.beat(run, node);
        long asked = nanoTime.getAsLong();
        var live = store.liveNodes();
        nodes = Math.max(1, live.count());
        compareClocks(live.databaseTime(), nanoTime.getAsLong() - asked);
        var current = store.beats();
        if (now - beatAt >= 3 * BEAT) {
            // Others could not beat either, as on a host that was paused, or while the database was away.
            beats.clear();
        }
        beatAt = now;
        beats.keySet().retainAll(current.keySet());
        for (var each : current.entrySet()) {
            compare(each.getKey(), each.getValue(), now);
        }
    }

    /** A difference counts as far as the time of the round trip does not explain it. */
    private void compareClocks(Instant database, long roundTrip) {
        var difference = Duration.between(clock.instant(), database);
        var limit = clocksApart ? APART.minus(SLACK) : APART;
        boolean apart = difference.abs().minusNanos(roundTrip).compareTo(limit) > 0;
        if (apart && !clocksApart) {
            LOG.warn(
                    "Budgets: the database's clock is {} s {} than this node's. Periods of budgets are decided by the clock of each"
                            + " node; set both by the same source of time",
                    difference.abs().toSeconds(),
                    difference.isNegative() ? "earlier" : "later");
        }
        clocksApart = apart;
    }

    private void compare(UUID other, long count, long now) throws SQLException {
        var known = beats.get(other);
        if (known == null || known.count() != count) {
            beats.put(other, new Beat(count, now));
        } else if (!other.equals(run) && now - known.since() >= DEAD) {
            LOG.warn("Budgets: {} leases of a node that no longer lives were taken over", store.reap(other));
            beats.remove(other);
        }
    }

    /**
     * Asks the database for what the accounts need.
     *
     * @param all whether accounts count too that no request waits for
     */
    private void reserve(boolean all) throws SQLException, FencedException {
        var requests = accounts.leaseRequests(nodes, all);
        for (int from = 0; from < requests.size(); from += PART) {
            var part = requests.subList(from, Math.min(requests.size(), from + PART));
            accounts.reserved(run, store.reserve(run, part));
        }
        if (requests.isEmpty()) {
            accounts.reserved(run, List.of());
        }
    }

    private void beginAgain() {
        LOG.warn(
                "Other nodes counted this one as dead, since it did not reach the database; it continues as a new node");
        abandoned = run;
        run = UUID.randomUUID();
        accounts.begin(run);
    }

    @Override
    void giveBack() {
        try {
            if (started) {
                accounts.end();
                reserve(true);
                if (accounts.isStored()) {
                    // What is charged and not stored yet stays reserved.
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
        opener.thread.end(OPENER_END_MILLIS);
        super.close();
    }

    /**
     * The second thread, which asks the database for budgets that are new to this node: what the ledger has of a budget takes
     * time to read, and requests that run must not wait for that.
     */
    private final class Opener {
        final RepeatingThread thread;
        private final Function<ChargedBudget, Opening> openings;
        private final Map<PeriodKey, Long> failedAt = new HashMap<>();
        private long pausedUntil = nanoTime.getAsLong();

        Opener(Function<ChargedBudget, Opening> openings, ThreadFactory threads) {
            this.openings = openings;
            this.thread = new RepeatingThread(this::openAll, () -> {}, threads);
        }

        /** Each has a transaction of its own. */
        private long openAll() {
            if (!started || isAway() || nanoTime.getAsLong() - pausedUntil < 0) {
                return PAUSE_MILLIS;
            }
            var unopened = accounts.unopened();
            failedAt.keySet()
                    .retainAll(
                            unopened.budgets().stream().map(ChargedBudget::key).toList());
            try {
                for (var budget : unopened.budgets()) {
                    long now = nanoTime.getAsLong();
                    if (!thread.isEnding() && now - failedAt.getOrDefault(budget.key(), now - AGAIN) >= AGAIN) {
                        open(unopened.run(), budget);
                    }
                }
            } catch (SQLException failed) {
                LOG.debug("budgets were not read: {}", failed.getClass().getSimpleName());
                pausedUntil = nanoTime.getAsLong() + AWAY;
                suspect = true;
                LeaseKeeper.this.thread.wake();
            } catch (FencedException dead) {
                fenced = unopened.run();
                suspect = true;
                LeaseKeeper.this.thread.wake();
            }
            return PAUSE_MILLIS;
        }

        /** One that cannot be read, or not in time, is left alone for a while. */
        private void open(UUID run, ChargedBudget budget) throws SQLException, FencedException {
            try {
                var request = accounts.newRequest(budget.key(), openings.apply(budget));
                if (request.isPresent()) {
                    accounts.reserved(run, store.reserve(run, List.of(request.get())));
                    LeaseKeeper.this.thread.wake();
                }
                return;
            } catch (SQLException failed) {
                if (!(failed instanceof SQLTimeoutException) && !CANCELLED.equals(failed.getSQLState())) {
                    throw failed;
                }
                LOG.warn(
                        "Budgets: reading what was spent of {} takes too long; it is tried again in 10 s",
                        budget.key().budget());
            } catch (RuntimeException fault) {
                LOG.error(
                        "The budget {} could not be read from the database",
                        budget.key().budget(),
                        fault);
            }
            failedAt.put(budget.key(), nanoTime.getAsLong());
        }
    }
}
