package dev.warder.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Everything this JVM logs by java.util.logging, where the SLF4J of each WAR ends too. Keeps the last 50,000 lines and
 * scans every line for planted secrets as it comes. Thread-safe.
 */
public final class LogCapture implements AutoCloseable {
    private static final int KEEP = 50_000;

    private final Map<Logger, @Nullable Level> levelsBefore = new LinkedHashMap<>();
    private final Tally count = new Tally();
    private final Handler handler = new LogTap(this::add);

    @GuardedBy("this")
    private final Deque<LogLine> lines = new ArrayDeque<>();

    @GuardedBy("this")
    private final List<String> leaks = new ArrayList<>();

    private final SecretScan scan = new SecretScan(List.of());

    private LogCapture() {}

    /**
     * Starts to capture: {@code dev.warder} and {@code org.apache.hc} at all levels, Jetty and Tomcat from INFO. With
     * large bodies switch {@code org.apache.hc.client5.http.wire} off by {@link #level}: it shows every byte.
     */
    public static LogCapture start() {
        var capture = new LogCapture();
        Logger.getLogger("").addHandler(capture.handler);
        return capture.level("dev.warder", Level.ALL)
                .level("org.apache.hc", Level.ALL)
                .level("org.eclipse.jetty", Level.INFO)
                .level("org.apache.catalina", Level.INFO);
    }

    /** Sets the level of a logger until this capture is closed. */
    public synchronized LogCapture level(String name, Level level) {
        var logger = Logger.getLogger(name);
        if (!levelsBefore.containsKey(logger)) {
            levelsBefore.put(logger, logger.getLevel());
        }
        logger.setLevel(level);
        return this;
    }

    /** Names secrets that must never appear, here and for {@link SecretWatch}; the lines kept so far are scanned too. */
    public synchronized LogCapture plant(String... secrets) {
        SecretWatch.plant(secrets);
        List.of(secrets).forEach(scan::add);
        lines.forEach(this::check);
        return this;
    }

    /** Where planted secrets appeared: the form and the logger, never the text. Empty is what a test wants. */
    public synchronized List<String> leaks() {
        return List.copyOf(leaks);
    }

    /** The kept lines of this logger and those below it (empty: all), from this level up, in order. */
    public synchronized List<LogLine> lines(String logger, Level from) {
        return lines.stream()
                .filter(line -> line.of(logger) && line.level().intValue() >= from.intValue())
                .toList();
    }

    /** The first kept line of this logger that fulfils the condition, waiting for it; an {@link AssertionError} in the end. */
    public LogLine await(String logger, Predicate<String> condition, Duration limit) throws InterruptedException {
        var deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            var seen = count.value();
            var found = lines(logger, Level.ALL).stream()
                    .filter(line -> condition.test(line.text()))
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            count.awaitAtLeast(seen + 1, Duration.ofNanos(deadline - System.nanoTime()));
        }
    }

    /** Forgets the lines, not the leaks. */
    public synchronized void clear() {
        lines.clear();
    }

    /** Stops capturing and sets the levels back. */
    @Override
    public synchronized void close() {
        Logger.getLogger("").removeHandler(handler);
        levelsBefore.forEach(Logger::setLevel);
        levelsBefore.clear();
    }

    private void add(LogLine line) {
        synchronized (this) {
            lines.add(line);
            if (lines.size() > KEEP) {
                lines.removeFirst();
            }
            check(line);
        }
        count.add(1);
    }

    private synchronized void check(LogLine line) {
        scan.find(line.text()).ifPresent(found -> leaks.add(found + " in " + line.logger() + " at " + line.level()));
    }

    /** Hands every log record to somebody as a line. Thread-safe if the taker is. */
    static final class LogTap extends Handler {
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
}
