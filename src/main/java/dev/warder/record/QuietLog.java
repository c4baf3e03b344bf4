package dev.warder.record;

import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Drops everything below WARNING that {@code dev.warder} logs, until it is closed. */
public final class QuietLog implements AutoCloseable {
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
