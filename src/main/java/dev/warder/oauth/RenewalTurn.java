package dev.warder.oauth;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** The turn of renewals: at most one runs, and the next begins after a pause. One thread at a time. */
final class RenewalTurn {
    private static final long JUST_RENEWED_NANOS = Duration.ofSeconds(10).toNanos();

    /** Far above the sum of all limits of a renewal: a longer one hangs in a file system, and is useless. */
    private static final long LONGEST_NANOS = Duration.ofMinutes(3).toNanos();

    /** Storing a token again costs nothing, and until then a restart would lose the login. */
    private static final Duration LONGEST_STORE_PAUSE = Duration.ofSeconds(10);

    private final LongSupplier nanoTime;
    private final BooleanSupplier renewal;
    private final BackOff endpointPause;
    private final BackOff storePause;
    private boolean running;
    private boolean closed;
    private long since;
    private OptionalLong renewedAt = OptionalLong.empty();

    /** @param renewal begins a renewal on another thread, unless it is too late for that */
    RenewalTurn(RenewalResources resources, BooleanSupplier renewal) {
        this.nanoTime = resources.nanoTime();
        this.renewal = renewal;
        endpointPause = new BackOff(nanoTime, resources.random(), BackOff.LONGEST);
        storePause = new BackOff(nanoTime, resources.random(), LONGEST_STORE_PAUSE);
    }

    /** Begins a renewal, unless one runs or failed recently. */
    void beginWhenDue() {
        if (endpointPause.due()) {
            beginToStore();
        }
    }

    /** Begins a renewal that sends no request to an endpoint, unless one runs or the store failed recently. */
    void beginToStore() {
        if (!closed && !running && storePause.due()) {
            since = nanoTime.getAsLong();
            running = renewal.getAsBoolean();
        }
    }

    /** The running renewal has ended. */
    void ended() {
        running = false;
    }

    /** No renewal begins after this call. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isRunning() {
        return running;
    }

    /** Whether a renewal runs that is worth waiting for. */
    boolean isPromising() {
        return running && !closed && nanoTime.getAsLong() - since < LONGEST_NANOS;
    }

    /** Whether the token is so young that renewing it would not help. */
    boolean justRenewed() {
        return renewedAt.isPresent() && nanoTime.getAsLong() - renewedAt.getAsLong() < JUST_RENEWED_NANOS;
    }

    /** A token was obtained. */
    void renewed() {
        renewedAt = OptionalLong.of(nanoTime.getAsLong());
    }

    /** The endpoint failed; returns how long no request is sent to it. */
    Duration endpointFailed(Optional<Duration> retryAfter) {
        return endpointPause.failed(retryAfter);
    }

    /** The store failed; returns how long it is not used. */
    Duration storeFailed() {
        return storePause.failed(Optional.empty());
    }

    /** A request to the endpoint may be sent at once. */
    void endEndpointPause() {
        endpointPause.succeeded();
    }

    /** The endpoint and the store may be used at once. */
    void endPauses() {
        endpointPause.succeeded();
        storePause.succeeded();
    }
}
