package dev.warder.exchange.up;

import java.time.Duration;

/**
 * The pace of a client that sends its request body. Only time in which the gateway asks for bytes counts; while it
 * waits for memory or for the upstream, it does not ask. Times are nanoseconds. One thread at a time.
 *
 * <p>While the gateway does not ask, the client's TCP meets a closed window or a full buffer, and repeats its segment at
 * intervals that double (RFC 9293, section 3.8.6.1; RFC 6298, section 5). After a pause, the next segment can therefore come
 * as late as the pause was long, without any fault of the client. Silence up to the length of the pauses is not counted.
 */
public final class ClientPace {
    private static final long GRACE = Duration.ofSeconds(20).toNanos();

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** TCP_RTO_MAX of Linux: the longest interval between two segments of a client that waits. */
    private static final long LONGEST_REPEAT = Duration.ofMinutes(2).toNanos();

    /** The seconds of asking over which the rate is taken. */
    private static final int WINDOW = 10;

    /** The fewest bytes within the window. */
    private static final long LEAST = 10 * 1024;

    private final long silence;
    /** Bytes of the last seconds of asking; the one under way is extra. */
    private final long[] seconds = new long[WINDOW + 1];

    private long last;
    private long received;
    private long asked;
    private long silent;
    /** Silence that is not counted, because the gateway paused before. */
    private long excused;

    public ClientPace(Duration silence, long now) {
        this.silence = silence.toNanos();
        this.last = now;
    }

    /**
     * Looks at the client again; called some times a second.
     *
     * @param asks whether the gateway asks for bytes now
     * @param total bytes that have come in all
     * @return whether the client is too slow
     */
    public boolean isTooSlow(long now, boolean asks, long total) {
        // A longer pause is one of this process, for which no client is to blame.
        long elapsed = Math.min(now - last, SECOND);
        last = now;
        boolean silentNow = total == received;
        if (!asks) {
            excused = Math.min(LONGEST_REPEAT, excused + elapsed);
        } else if (silentNow && excused > 0) {
            excused = Math.max(0, excused - elapsed);
            return false;
        } else {
            pass(elapsed);
            silent += elapsed;
        }
        if (!silentNow) {
            seconds[(int) (asked / SECOND % seconds.length)] += total - received;
            received = total;
            silent = 0;
        }
        return asks && (silent > silence || asked > GRACE && inWindow() < LEAST);
    }

    private void pass(long elapsed) {
        long before = asked / SECOND;
        asked += elapsed;
        long after = asked / SECOND;
        for (long second = Math.max(before + 1, after - WINDOW); second <= after; second++) {
            seconds[(int) (second % seconds.length)] = 0;
        }
    }

    private long inWindow() {
        long sum = 0;
        for (long bytes : seconds) {
            sum += bytes;
        }
        return sum;
    }
}
