package dev.warder.quota;

import dev.warder.ledger.lease.LeaseState;
import dev.warder.ledger.lease.LeaseStore;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.policy.BudgetMode;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that 75, 80, 90 or 100 % of a budget are used: the log of each node that uses the budget has a line, and one node of
 * all sends a notification, as the database decides. Of several thresholds that are reached at the same time the highest counts.
 * An amount that was changed has thresholds of its own. One thread at a time.
 */
final class Thresholds {
    private static final Logger LOG = LoggerFactory.getLogger(Thresholds.class);
    private static final int ALL = 100;

    /** The database is asked about this many in one look, so that many sessions do not hold up the leases. */
    private static final int MOST_ASKED = 20;

    /** The most budgets whose reports this node remembers. About one that it has forgotten, the log may have a line again. */
    private static final int MOST_KNOWN = 10_000;

    private final LeaseStore store;
    private final InstantSource clock;
    private final Consumer<ThresholdReached> notifications;
    private final Map<PeriodKey, Known> reported = new LinkedHashMap<>();

    /**
     * The last report about a period.
     *
     * @param decided whether the database has decided which node sends it
     */
    private record Known(int percent, long amount, boolean decided) {
        boolean covers(Known other) {
            return amount == other.amount && percent >= other.percent;
        }
    }

    Thresholds(LeaseStore store, InstantSource clock, Consumer<ThresholdReached> notifications) {
        this.store = store;
        this.clock = clock;
        this.notifications = notifications;
    }

    /**
     * Never throws; waits for the database when a threshold was reached.
     *
     * @param accounts all accounts of this node
     * @param away whether the database cannot be used now; a notification is sent later then
     */
    void look(List<AccountView> accounts, boolean away) {
        int mayAsk = away ? 0 : MOST_ASKED;
        for (var account : accounts) {
            if (account.seen().isPresent() && report(account, account.seen().get())) {
                mayAsk = mayAsk > 0 && decide(account, account.seen().get()) ? mayAsk - 1 : 0;
            }
        }
    }

    private boolean report(AccountView account, LeaseState seen) {
        var now = new Known(percent(account, seen), seen.all().amount(), false);
        var last = reported.get(seen.key());
        if (now.percent == 0 || last != null && last.decided && last.covers(now)) {
            return false;
        }
        if (last == null || !last.covers(now)) {
            LOG.warn(
                    "Of the budget {} (mode {}) since {}, {} % are used",
                    account.terms().budget().key(),
                    mode(account.terms().budget().terms().mode()),
                    account.terms().window().start(),
                    now.percent);
            remember(seen.key(), now);
        }
        return true;
    }

    private boolean decide(AccountView account, LeaseState seen) {
        int percent = percent(account, seen);
        boolean sends;
        try {
            sends = store.note(seen.key(), percent, seen.all().amount());
        } catch (SQLException | RuntimeException failed) {
            LOG.debug("a threshold was not noted: {}", failed.getClass().getSimpleName());
            return false;
        }
        remember(seen.key(), new Known(percent, seen.all().amount(), true));
        if (sends) {
            notifications.accept(new ThresholdReached(
                    account.terms().budget(),
                    account.terms().window(),
                    percent,
                    seen.all().amount(),
                    account.spent(),
                    clock.instant()));
        }
        return true;
    }

    /** The highest threshold; 0 below all of them, and if nothing was spent. */
    private static int percent(AccountView account, LeaseState seen) {
        if (account.spent() == 0) {
            return 0;
        }
        boolean all = account.terms().budget().terms().enforces()
                ? account.isUsedUp()
                : account.spent() >= seen.all().amount();
        return all
                ? ALL
                : Threshold.reached(account.spent(), seen.all().amount())
                        .map(Threshold::percent)
                        .orElse(0);
    }

    private void remember(PeriodKey key, Known known) {
        reported.remove(key);
        reported.put(key, known);
        if (reported.size() > MOST_KNOWN) {
            var oldest = reported.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    private static String mode(BudgetMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    /** The shares of a budget at which clients are warned, the highest first. */
    public enum Threshold {
        PERCENT_90("0.9", 90, 10),
        PERCENT_80("0.8", 80, 5),
        PERCENT_75("0.75", 75, 4);

        private final String share;
        private final int percent;
        private final long rest;

        Threshold(String share, int percent, long rest) {
            this.share = share;
            this.percent = percent;
            this.rest = rest;
        }

        /**
         * The highest threshold that is reached; empty below all of them.
         *
         * @param usedNanos what is used, at least 0
         * @param nanos the amount, at least 0; an amount of 0 is always used
         */
        public static Optional<Threshold> reached(long usedNanos, long nanos) {
            for (var threshold : values()) {
                // Exact: what is left is compared with the whole part, and no product can overflow.
                if (nanos - usedNanos <= nanos / threshold.rest) {
                    return Optional.of(threshold);
                }
            }
            return Optional.empty();
        }

        /** The share as clients read it, such as {@code 0.75}. */
        public String share() {
            return share;
        }

        /** The share in percent. */
        public int percent() {
            return percent;
        }
    }
}
