package dev.warder.record;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Drops everything below WARNING that {@code dev.warder} logs, until it is closed. */
public final class QuietLog implements AutoCloseable {
    /** Held, because the logging framework keeps no logger. */
    private final Logger logger = Logger.getLogger("dev.warder");

    private final @Nullable Level before = logger.getLevel();

    /** Begins at once, unless the level of the logger drops more. */
    public QuietLog() {
        if (before == null || before.intValue() < Level.WARNING.intValue()) {
            logger.setLevel(Level.WARNING);
        }
    }

    /** Restores the level. */
    @Override
    public void close() {
        logger.setLevel(before);
    }
}
