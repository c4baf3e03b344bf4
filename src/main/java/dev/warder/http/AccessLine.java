package dev.warder.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * The one line that a request leaves in the log, gathered on its way and written once, at INFO to
 * {@code dev.warder.access}. It holds no field value and no content.
 *
 * <p>Written by one thread after the other; each field is volatile, and only the first end counts.
 */
public final class AccessLine {
    /** How an exchange ended, as the log says it. */
    public enum End {
        OK("ok"),
        REFUSED("refused"),
        CLIENT_GONE("client-gone"),
        UPSTREAM_LOST("upstream-lost"),
        TIMEOUT("timeout"),
        DRAINED("drained"),
        ERROR("error");

        private final String word;

        End(String word) {
            this.word = word;
        }
    }

    private static final Logger LOG = Logger.getLogger("dev.warder.access");
    private static final String UNKNOWN = "-";
    private static final int MODEL_LIMIT = 128;
    private static final int PATH_LIMIT = 512;

    private final String id;
    private final String dialect;
    private final String method;
    private final String path;
    private final LongSupplier nanoTime;
    private final long started;
    private final AtomicBoolean written = new AtomicBoolean();
    private volatile String client = UNKNOWN;
    private volatile String model = UNKNOWN;
    private volatile String credential = UNKNOWN;
    private volatile int status;
    private final AtomicLong in = new AtomicLong();
    private volatile long firstByte = -1;

    /**
     * Starts the clock of a request.
     *
     * @param path the path without the query, as it came
     * @param nanoTime a clock that never goes back, in nanoseconds
     */
    public AccessLine(String id, Dialect dialect, String method, String path, LongSupplier nanoTime) {
        this.id = id;
        this.dialect = dialect == Dialect.OPENAI ? "openai" : "anthropic";
        this.method = clean(method, MODEL_LIMIT);
        this.path = clean(path, PATH_LIMIT);
        this.nanoTime = nanoTime;
        this.started = nanoTime.getAsLong();
    }

    /** The configured name of the caller's access token. */
    public void client(String name) {
        client = clean(name, MODEL_LIMIT);
    }

    /** The model that the request body names; cut to 128 characters. */
    public void model(String name) {
        model = clean(name, MODEL_LIMIT);
    }

    /** The configured name and the kind of the credential that went upstream. */
    public void credential(String name, String kind) {
        credential = name + "/" + kind;
    }

    /** The status that the client is told. */
    public void status(int code) {
        status = code;
    }

    /** Counts bytes of the request body as they are read. */
    public void read(long bytes) {
        in.addAndGet(bytes);
    }

    /** Notes that the first byte of the upstream's answer is here. */
    public void firstByte() {
        if (firstByte < 0) {
            firstByte = nanoTime.getAsLong();
        }
    }

    /** Writes the line of a request that was refused with {@code status} and a body of {@code out} bytes. */
    public void refused(int status, long out) {
        this.status = status;
        end(End.REFUSED, out);
    }

    /** Writes the line; a second call does nothing. {@code out} is the number of body bytes given to the container. */
    public void end(End end, long out) {
        if (!written.getAndSet(true) && LOG.isLoggable(Level.INFO)) {
            log(text(end, out));
        }
    }

    /** Names its caller itself: the logging framework would walk the stack for it, at the cost of half an exchange. */
    private static void log(String text) {
        var line = new LogRecord(Level.INFO, text);
        line.setLoggerName(LOG.getName());
        line.setSourceClassName(AccessLine.class.getName());
        line.setSourceMethodName("end");
        LOG.log(line);
    }

    private String text(End end, long out) {
        return "id=" + id + " client=" + client + " dialect=" + dialect + " method=" + method + " path=" + path
                + " model=" + model + " credential=" + credential
                + " status=" + (status == 0 ? UNKNOWN : Integer.toString(status))
                + " in=" + in.get() + " out=" + out
                + " ttfb=" + (firstByte < 0 ? UNKNOWN : Long.toString(millis(firstByte - started)))
                + " total=" + millis(nanoTime.getAsLong() - started)
                + " end=" + end.word;
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    /** Cuts, and escapes what could forge a second line, a second field of the line, or a terminal's command. */
    private static String clean(String text, int limit) {
        if (text.length() <= limit && !text.isEmpty() && text.chars().allMatch(AccessLine::isPlain)) {
            return text;
        }
        var clean = new StringBuilder(Math.min(text.length(), limit));
        for (int i = 0; i < text.length() && i < limit; i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                clean.append(c);
            } else {
                clean.append(String.format("\\u%04x", (int) c));
            }
        }
        return clean.isEmpty() ? UNKNOWN : clean.toString();
    }

    private static boolean isPlain(int c) {
        return c > 0x20 && c < 0x7f && c != '\\' && c != '$';
    }
}
