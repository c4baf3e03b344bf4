package dev.warder.quota;

import dev.warder.http.Sha256;
import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.ledger.store.LeaseStore;
import dev.warder.ledger.store.PeriodKey;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that 75, 80, 90 or 100 % of a budget are used: the log of each node that uses the budget has a line, and one node of
 * all sends a notification, as the database decides. Of several thresholds that are reached at the same time the highest counts.
 * An amount that was changed has thresholds of its own. One thread at a time.
 */
public final class Thresholds {
    static final int ALL = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Thresholds.class);

    /** The database is asked about this many in one look, so that many sessions do not hold up the leases. */
    private static final int MOST_ASKED = 20;

    /** The most budgets whose reports this node remembers. About one that it has forgotten, the log may have a line again. */
    private static final int MOST_KNOWN = 10_000;

    private final LeaseStore store;
    private final InstantSource clock;
    private final Consumer<Reached> notifications;
    private final Map<PeriodKey, Known> reported = new LinkedHashMap<>();

    /**
     * A report about a period.
     *
     * @param decided whether the database has decided which node sends it
     */
    private record Known(int percent, long amount, boolean decided) {
        boolean covers(Known other) {
            return amount == other.amount && percent >= other.percent;
        }
    }

    Thresholds(LeaseStore store, InstantSource clock, Consumer<Reached> notifications) {
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
    void look(List<Account.View> accounts, boolean away) {
        int mayAsk = away ? 0 : MOST_ASKED;
        for (var account : accounts) {
            var key = account.terms().key();
            long amount = account.seen().map(state -> state.all().amount()).orElse(0L);
            var now = new Known(percent(account, amount), amount, false);
            if (now.percent > 0 && report(account, key, now)) {
                mayAsk = mayAsk > 0 && decide(account, key, now) ? mayAsk - 1 : 0;
            }
        }
    }

    /** Logs it once. Returns whether the database is to decide about it. */
    private boolean report(Account.View account, PeriodKey key, Known now) {
        var last = reported.get(key);
        if (last != null && last.covers(now)) {
            return !last.decided;
        }
        LOG.warn(
                "Of the budget {} (mode {}) since {}, {} % are used",
                key.budget(), account.line().mode(), key.start(), now.percent);
        remember(key, now);
        return true;
    }

    private boolean decide(Account.View account, PeriodKey key, Known now) {
        try {
            boolean sends = store.note(key, now.percent, now.amount);
            remember(key, new Known(now.percent, now.amount, true));
            if (sends) {
                notifications.accept(new Reached(account.line(), now.percent, now.amount, clock.instant()));
            }
            return true;
        } catch (SQLException | RuntimeException failed) {
            LOG.debug("a threshold was not noted: {}", failed.getClass().getSimpleName());
            return false;
        }
    }

    /** The highest threshold; 0 below all of them, and if nothing was spent. */
    private static int percent(Account.View account, long amount) {
        long spent = account.spent();
        boolean all = account.terms().budget().terms().enforces() ? account.isUsedUp() : spent >= amount;
        return spent == 0 ? 0 : all ? ALL : reached(spent, amount);
    }

    /**
     * The highest of 90, 80 and 75 % that is reached; 0 below all of them.
     *
     * @param usedNanos what is used, at least 0
     * @param nanos the amount, at least 0; an amount of 0 is always used
     */
    static int reached(long usedNanos, long nanos) {
        // Exact: what is left is compared with the whole part, and no product can overflow.
        return IntStream.of(90, 80, 75)
                .filter(percent -> nanos - usedNanos <= nanos / (ALL / (ALL - percent)))
                .findFirst()
                .orElse(0);
    }

    /** A percentage as a part of 1, such as {@code 0.75}. */
    static String share(int percent) {
        return BigDecimal.valueOf(percent, 2).stripTrailingZeros().toPlainString();
    }

    private void remember(PeriodKey key, Known known) {
        reported.remove(key);
        reported.put(key, known);
        if (reported.size() > MOST_KNOWN) {
            reported.remove(reported.keySet().iterator().next());
        }
    }

    /**
     * A share of a budget is used. Immutable.
     *
     * @param status the budget, its window, and what was spent of it when this was noticed
     * @param percent the share that was reached, 1 to 100
     * @param amountNanos the amount of the budget on all nodes, in nano-dollars
     * @param time when it was noticed
     */
    public record Reached(BudgetLine status, int percent, long amountNanos, Instant time) {
        private static final int NANO_DIGITS = 9;
        private static final int ID_BYTES = 16;

        /**
         * Identifies budget, window, share and amount: the same on every node and after every restart, so that a receiver can
         * drop duplicates. It has letters, digits and an underscore only, as the signature needs it.
         */
        String id() {
            String identified =
                    status.budget().key() + " " + status.window().start() + " " + percent + " " + amountNanos;
            return "budget_" + Sha256.hex(identified, ID_BYTES);
        }

        String text() {
            String numbers = dollars(status.usedNanos()) + " of " + dollars(amountNanos) + " US dollars";
            String reached = percent == Thresholds.ALL
                    ? " is spent: " + numbers + ". "
                    : " has reached " + percent + " %: " + numbers + " are spent. ";
            String session = status.budget().name().replaceFirst("([^/]*)/(.*)", "session $2 of client $1");
            return status.words(session) + reached + "It " + status.resetWords() + ". Its mode is " + status.mode()
                    + ".";
        }

        private static BigDecimal dollars(long nanos) {
            var stripped = BigDecimal.valueOf(nanos, NANO_DIGITS).stripTrailingZeros();
            return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
        }

        /** The content of a message, in UTF-8. Numbers are decimal strings, so that no reader rounds them. */
        byte[] json() {
            var document = JsonTree.newObject()
                    .add("id", id())
                    .add("type", "dev.warder.budget.threshold")
                    .add("time", time.truncatedTo(ChronoUnit.MILLIS).toString())
                    .add("text", text())
                    .add("budget", status.budget().key())
                    .add("scope", status.budget().scope().word())
                    .add("mode", status.mode())
                    .add("period_start", status.window().start().toString())
                    .add("period_end", JsonTree.orNull(status.window().end().map(Instant::toString)))
                    .add("share", Thresholds.share(percent))
                    .add("amount", dollars(amountNanos).toPlainString())
                    .add("spent", dollars(status.usedNanos()).toPlainString());
            return JsonText.utf8(document.build().toString());
        }
    }
}
