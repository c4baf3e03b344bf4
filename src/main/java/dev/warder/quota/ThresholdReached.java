package dev.warder.quota;

import dev.warder.http.Sha256;
import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A share of a budget is used. Immutable.
 *
 * @param status the budget, its window, and what was spent of it when this was noticed
 * @param percent the share that was reached, 1 to 100
 * @param amountNanos the amount of the budget on all nodes, in nano-dollars
 * @param time when it was noticed
 */
public record ThresholdReached(BudgetLine status, int percent, long amountNanos, Instant time) {
    private static final int NANO_DIGITS = 9;
    private static final int ID_BYTES = 16;

    /**
     * Identifies budget, window, share and amount: the same on every node and after every restart, so that a receiver can drop
     * duplicates. It has letters, digits and an underscore only, as the signature needs it.
     */
    String id() {
        String identified = status.budget().key() + " " + status.window().start() + " " + percent + " " + amountNanos;
        return "budget_" + Sha256.hex(identified, ID_BYTES);
    }

    String text() {
        String numbers = dollars(status.usedNanos()) + " of " + dollars(amountNanos) + " US dollars";
        String reached = percent == Thresholds.ALL
                ? " is spent: " + numbers + ". "
                : " has reached " + percent + " %: " + numbers + " are spent. ";
        String session = status.budget().name().replaceFirst("([^/]*)/(.*)", "session $2 of client $1");
        return status.words(session) + reached + "It " + status.resetWords() + ". Its mode is " + status.mode() + ".";
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
