package dev.warder.record;

import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import java.util.List;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

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

    /** Drops everything below WARNING that {@code dev.warder} logs, until it is closed. */
    public static final class QuietLog implements AutoCloseable {
        /** Held, because the logging framework keeps no logger. */
        private final Logger logger = Logger.getLogger("dev.warder");

        private final java.util.logging.@Nullable Level before = logger.getLevel();
        private final boolean changed;

        public QuietLog() {
            changed = before == null || before.intValue() < java.util.logging.Level.WARNING.intValue();
            if (changed) {
                logger.setLevel(java.util.logging.Level.WARNING);
            }
        }

        /** Restores the level, if this object has changed it: another application may use the same logger. */
        @Override
        public void close() {
            if (changed) {
                logger.setLevel(before);
            }
        }
    }
}
