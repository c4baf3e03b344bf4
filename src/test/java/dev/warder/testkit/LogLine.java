package dev.warder.testkit;

import java.util.logging.Level;

/**
 * One captured log record.
 *
 * @param logger the logger's name
 * @param text the formatted message and, below it, the stack trace if there is one
 */
public record LogLine(String logger, Level level, String text) {
    /** Whether the line is of this logger or one below it. */
    public boolean of(String name) {
        return name.isEmpty() || logger.equals(name) || logger.startsWith(name + ".");
    }

    @Override
    public String toString() {
        return level + " " + logger + " " + text;
    }
}
