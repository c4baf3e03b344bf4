package dev.warder.admin;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The numbers of sessions that were signed out in this process and have not expired. At most 10,000 are kept, the latest;
 * only a browser that is signed in can add one. Thread-safe.
 */
public final class SignedOutSessions {
    private static final int MOST = 10_000;

    private final InstantSource clock;

    /** By number, the time at which the session expires anyway; in the order of signing out. */
    @GuardedBy("this")
    private final Map<String, Instant> ends = new LinkedHashMap<>();

    public SignedOutSessions(InstantSource clock) {
        this.clock = clock;
    }

    public synchronized void add(String number, Duration life) {
        var now = clock.instant();
        ends.values().removeIf(end -> !now.isBefore(end));
        ends.put(number, now.plus(life));
        var oldest = ends.keySet().iterator();
        while (ends.size() > MOST) {
            oldest.next();
            oldest.remove();
        }
    }

    public synchronized boolean contains(String number) {
        return ends.containsKey(number);
    }
}
