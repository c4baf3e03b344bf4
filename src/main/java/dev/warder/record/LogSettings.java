package dev.warder.record;

import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import java.util.List;

/**
 * How and how much is logged, settings {@code log.*}. Immutable.
 *
 * @param format the format of the access log, and of all lines of the standalone form
 * @param level how much is logged
 */
public record LogSettings(Format format, Level level) {
    /** The format of a line. */
    public enum Format {
        TEXT,
        JSON
    }

    /** How much is logged, whatever the levels of loggers are. */
    public enum Level {
        /** Warnings and errors only. */
        QUIET,
        NORMAL,
        /** The credential of each try, too, at INFO: many servers drop records at FINE. */
        VERBOSE
    }

    public static LogSettings read(SettingReader settings) {
        return new LogSettings(
                settings.read(Setting.LOG_FORMAT, Format.TEXT, ValueSyntax.oneOf(List.of(Format.values()))),
                settings.read(Setting.LOG_LEVEL, Level.NORMAL, ValueSyntax.oneOf(List.of(Level.values()))));
    }

    public boolean isVerbose() {
        return level == Level.VERBOSE;
    }
}
