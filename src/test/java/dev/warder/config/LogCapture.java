package dev.warder.config;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Keeps what a class logs while it is open. */
public final class LogCapture implements AutoCloseable {
    private final Logger logger;
    private final List<String> warnings = new ArrayList<>();
    private final List<String> severe = new ArrayList<>();
    private final List<String> all = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            String text = new SimpleFormatter().formatMessage(line);
            all.add(text);
            if (line.getLevel().equals(Level.WARNING)) {
                warnings.add(text);
            } else if (line.getLevel().equals(Level.SEVERE)) {
                severe.add(text);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    /** Begins to keep the lines of a class. */
    public LogCapture(Class<?> type) {
        logger = Logger.getLogger(type.getName());
        logger.addHandler(handler);
    }

    /** The lines at level WARNING, in order. */
    public List<String> warnings() {
        return warnings;
    }

    /** The lines at level SEVERE, in order. */
    public List<String> severe() {
        return severe;
    }

    /** All lines, in order. */
    public List<String> all() {
        return all;
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
    }
}
