package dev.warder.ledger;

import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import java.time.Duration;

/**
 * How long the ledger keeps rows, setting {@code ledger.retention}.
 *
 * @param retention from a day to a hundred years
 */
public record LedgerSettings(Duration retention) {
    private static final Duration LEAST = Duration.ofDays(1);
    private static final Duration MOST = Duration.ofDays(36_500);
    private static final Duration USUAL = Duration.ofDays(400);

    public static LedgerSettings read(SettingReader settings) {
        return new LedgerSettings(
                settings.read(Setting.LEDGER_RETENTION, USUAL, text -> ValueSyntax.longDuration(text, LEAST, MOST)));
    }
}
