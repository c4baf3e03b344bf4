package dev.warder.ledger;

import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import java.time.Duration;

/**
 * How long the ledger keeps rows, setting {@code ledger.retention}.
 *
 * @param retention from a day to a hundred years; an hour for the demo, whose rows are in memory
 */
public record LedgerSettings(Duration retention) {
    /** The value that the demo sets. */
    public static final String DEMO = "demo";

    private static final Duration LEAST = Duration.ofDays(1);
    private static final Duration MOST = Duration.ofDays(36_500);
    private static final Duration USUAL = Duration.ofDays(400);

    public static LedgerSettings read(SettingReader settings) {
        return new LedgerSettings(settings.read(
                Setting.LEDGER_RETENTION,
                USUAL,
                text -> text.equals(DEMO) ? Duration.ofHours(1) : ValueSyntax.longDuration(text, LEAST, MOST)));
    }

    boolean isDemo() {
        return retention.compareTo(LEAST) < 0;
    }
}
