package dev.warder.testkit;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.Consumer;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/** Hands every log record to somebody as a line. Thread-safe if the taker is. */
final class LogTap extends Handler {
    private final Formatter formatter = new SimpleFormatter();
    private final Consumer<LogLine> taker;

    LogTap(Consumer<LogLine> taker) {
        this.taker = taker;
        setLevel(Level.ALL);
    }

    @Override
    public void publish(LogRecord record) {
        var name = record.getLoggerName();
        taker.accept(new LogLine(name == null ? "" : name, record.getLevel(), text(record)));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    private String text(LogRecord record) {
        var text = new StringWriter();
        text.append(formatter.formatMessage(record));
        var thrown = record.getThrown();
        if (thrown != null) {
            text.append('\n');
            thrown.printStackTrace(new PrintWriter(text, true));
        }
        return text.toString();
    }
}
