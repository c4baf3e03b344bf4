package dev.warder.auth;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs why callers were refused: at most one line for each key, such as the name of an access token, and minute, since the caller
 * decides how often it is refused, and at most 1,000 lines a minute in all. Thread-safe.
 */
final class RefusalLog {
    static final int MOST = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanoTime;

    /** When the last line of each key was written, in the order of these times; none is older than a minute. */
    @GuardedBy("this")
    private final Map<String, Long> logged = new LinkedHashMap<>();

    /** @param nanoTime a clock like {@link System#nanoTime} */
    RefusalLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Logs a refusal, unless the key had a line within the last minute.
     *
     * @param key chosen by the gateway, or something of which a caller cannot make many; not secret
     */
    void add(String key, String line) {
        if (isDue(key)) {
            LOG.info("{}; its next line follows after a minute at the earliest", line);
        }
    }

    private synchronized boolean isDue(String key) {
        long now = nanoTime.getAsLong();
        var times = logged.values().iterator();
        while (times.hasNext() && now - times.next() >= MINUTE) {
            times.remove();
        }
        return logged.size() < MOST && logged.putIfAbsent(key, now) == null;
    }
}
