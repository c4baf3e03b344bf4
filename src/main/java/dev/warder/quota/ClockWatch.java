package dev.warder.quota;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the database's clock with those of this node, and reports a jump of it, and that it is far from this node's time
 * of day: at the first beat, and after a jump of that. Nothing else follows from one: which nodes are dead is decided by
 * beats and this node's monotonic clock. One thread at a time.
 *
 * <p>The database's clock was read between the moments at which it was asked and at which its response was there, so that a
 * difference counts only as far as neither moment explains it. 2 s is more than a leap second, and more than any clock that
 * is corrected slowly gains between two beats (2.5 ms at 500 ppm); it is little against the 60 s in which a node counts as
 * live.
 */
final class ClockWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);

    private static final long JUMP = Duration.ofSeconds(2).toNanos();

    /** Beats are every 5 s. After a longer pause two of them are not compared. */
    private static final long LONGEST = Duration.ofSeconds(15).toNanos();

    private static final Duration APART = Duration.ofSeconds(60);

    private final InstantSource clock;
    private final Runnable jumped;
    private @Nullable Reading last;
    private boolean apart;

    /**
     * A time of the database's clock, between two of this node's.
     *
     * @param here the time of day on this node at the second of them
     */
    private record Reading(Instant time, long asked, long received, Instant here) {
        Duration difference() {
            return Duration.between(here, time);
        }

        boolean isFarApart() {
            return difference().abs().minusNanos(received - asked).compareTo(APART) > 0;
        }
    }

    ClockWatch(InstantSource clock, Runnable jumped) {
        this.clock = clock;
        this.jumped = jumped;
    }

    /**
     * A beat has succeeded.
     *
     * @param time what the database's clock showed meanwhile
     * @param asked the time before, of a clock of this node that never goes back, in nanoseconds
     * @param received the time after it, of the same clock
     */
    void beat(Instant time, long asked, long received) {
        var before = last;
        var now = new Reading(time, asked, received, clock.instant());
        last = now;
        if (before == null || asked - before.received > LONGEST) {
            compareTimeOfDay(now);
            return;
        }
        long passedHere = Duration.between(before.here, now.here).toNanos();
        if (Math.abs(passedHere - (received - before.received)) > JUMP) {
            // This node's was set.
            compareTimeOfDay(now);
        }
        compareProgress(before, now);
    }

    /** A beat has failed: the next one is a first one, perhaps of another machine. */
    void forget() {
        last = null;
    }

    private void compareProgress(Reading before, Reading now) {
        long progress = Duration.between(before.time, now.time).toNanos();
        long ahead = progress - (now.received - before.asked);
        long behind = now.asked - before.received - progress;
        if (Math.max(ahead, behind) <= JUMP) {
            return;
        }
        LOG.warn(
                "Budgets: since the last beat the database's clock has {}",
                ahead > JUMP
                        ? "gained " + seconds(ahead) + " on this node's: it was set forward, or this node was suspended"
                        : "lost " + seconds(behind)
                                + " against this node's: it was set back, or the database was suspended");
        jumped.run();
        apart = now.isFarApart();
    }

    private void compareTimeOfDay(Reading now) {
        var difference = now.difference();
        if (now.isFarApart() && !apart) {
            LOG.warn(
                    "Budgets: the database's clock is {} s {} than this node's. Periods of budgets are decided by the clock of each"
                            + " node; set both by the same source of time",
                    difference.abs().toSeconds(),
                    difference.isNegative() ? "earlier" : "later");
        }
        apart = now.isFarApart();
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }
}
