package dev.warder.standalone;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/**
 * Formats a record in one line: time, level, logger and message. The stack trace of an exception follows on further lines. The
 * JDK's own formatter interprets its pattern for each record and formats the caller, which costs more than relaying a small
 * response. Thread-safe.
 */
final class LineFormatter extends Formatter {
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneId.systemDefault());
    private static final DateTimeFormatter OFFSET =
            DateTimeFormatter.ofPattern("xx").withZone(ZoneId.systemDefault());

    private volatile Second last = Second.of(Instant.EPOCH);

    /** The formatted parts of a time stamp around its milliseconds, for one second. */
    private record Second(long epoch, String date, String offset) {
        static Second of(Instant time) {
            return new Second(time.getEpochSecond(), SECOND.format(time), OFFSET.format(time));
        }
    }

    @Override
    public String format(LogRecord entry) {
        String message = String.valueOf(formatMessage(entry));
        var line = new StringBuilder(message.length() + 80);
        appendTime(line, entry.getInstant());
        line.append(' ').append(entry.getLevel().getName());
        line.append(' ').append(entry.getLoggerName());
        line.append(' ').append(message).append(System.lineSeparator());
        if (entry.getThrown() != null) {
            line.append(stackTrace(entry.getThrown()));
        }
        return line.toString();
    }

    static String stackTrace(Throwable thrown) {
        var stack = new StringWriter();
        thrown.printStackTrace(new PrintWriter(stack, true));
        return stack.toString();
    }

    private void appendTime(StringBuilder line, Instant time) {
        var second = last;
        if (second.epoch() != time.getEpochSecond()) {
            second = Second.of(time);
            last = second;
        }
        int millis = time.getNano() / 1_000_000;
        line.append(second.date()).append('.');
        line.append(millis < 100 ? "0" : "").append(millis < 10 ? "0" : "").append(millis);
        line.append(second.offset());
    }
}
