package dev.warder.auth;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs which access token was refused because it belongs to no client of the policy: at most one line for each token and
 * minute, since the caller decides how often it is refused, and at most 1,000 lines a minute in all. Thread-safe.
 */
final class RefusedTokenLog {
    static final int MOST = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(RefusedTokenLog.class);
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanoTime;

    /** When the last line of each token was written, in the order of these times; none is older than a minute. */
    @GuardedBy("this")
    private final Map<String, Long> logged = new LinkedHashMap<>();

    /** @param nanoTime a clock like {@link System#nanoTime} */
    RefusedTokenLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Logs a refusal, unless the token had a line within the last minute.
     *
     * @param tokenName the name of the token; not secret
     * @param requestId see {@link dev.warder.http.Call#id}
     */
    void add(String tokenName, String requestId) {
        if (isDue(tokenName)) {
            LOG.info(
                    "policy.file: the access token named {} belongs to no client, request {} gets 403; its next line"
                            + " follows after a minute at the earliest",
                    tokenName,
                    requestId);
        }
    }

    private synchronized boolean isDue(String tokenName) {
        long now = nanoTime.getAsLong();
        var times = logged.values().iterator();
        while (times.hasNext() && now - times.next() >= MINUTE) {
            times.remove();
        }
        return logged.size() < MOST && logged.putIfAbsent(tokenName, now) == null;
    }
}
