package dev.warder.credential;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * A circuit breaker. It opens for 30 s after one timeout, or after 5 failures within 10 s without a success between
 * them. Then it admits one probe, and closes when the probe succeeds.
 *
 * <p>An outcome is ignored when the breaker has changed since that use began. For example, of a hundred hanging
 * requests only the first timeout opens the breaker. The others do not open it again after a successful probe.
 * Thread-safe.
 */
final class Breaker {
    private static final int FAILURES = 5;
    private static final long WINDOW = Duration.ofSeconds(10).toNanos();
    private static final long PAUSE = Duration.ofSeconds(30).toNanos();

    /** Marks a use that is admitted while a probe is due or under way; its outcome is ignored. */
    private static final long NO_PHASE = -1;

    private final LongSupplier nanoTime;

    @GuardedBy("this")
    private final Deque<Long> failures = new ArrayDeque<>();

    /** Counts the changes of state; each admitted use carries the value that it saw. */
    @GuardedBy("this")
    private long phase;

    @GuardedBy("this")
    private boolean open;

    @GuardedBy("this")
    private boolean probing;

    @GuardedBy("this")
    private long openUntil;

    Breaker(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** How long no use is admitted; empty when one is. Returns 0 during a probe, which may end at any moment. */
    synchronized Optional<Duration> blockedFor() {
        long left = openUntil - nanoTime.getAsLong();
        if (!open || !probing && left <= 0) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos(Math.max(0, left)));
    }

    synchronized OptionalLong enter() {
        if (blockedFor().isPresent()) {
            return OptionalLong.empty();
        }
        if (open) {
            probing = true;
            phase++;
        }
        return OptionalLong.of(phase);
    }

    /**
     * Admits a use that is never the probe, since its outcome may come late or prove nothing. Empty when none is
     * admitted.
     */
    synchronized OptionalLong enterWithoutProbe() {
        if (blockedFor().isPresent()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(open ? NO_PHASE : phase);
    }

    synchronized Change ended(long entered, Verdict verdict) {
        if (entered != phase) {
            return Change.NONE;
        }
        return open ? probeEnded(verdict) : count(verdict);
    }

    @GuardedBy("this")
    private Change probeEnded(Verdict verdict) {
        probing = false;
        phase++;
        return switch (verdict) {
            case SUCCESS -> close();
            case FAILURE, TIME_OUT -> open();
            case NONE -> Change.NONE;
        };
    }

    @GuardedBy("this")
    private Change count(Verdict verdict) {
        switch (verdict) {
            case SUCCESS -> failures.clear();
            case FAILURE -> failures.addLast(nanoTime.getAsLong());
            default -> {}
        }
        return verdict == Verdict.TIME_OUT || verdict == Verdict.FAILURE && tooMany() ? open() : Change.NONE;
    }

    @GuardedBy("this")
    private boolean tooMany() {
        while (failures.getLast() - failures.getFirst() > WINDOW) {
            failures.removeFirst();
        }
        return failures.size() >= FAILURES;
    }

    @GuardedBy("this")
    private Change open() {
        open = true;
        openUntil = nanoTime.getAsLong() + PAUSE;
        phase++;
        failures.clear();
        return Change.OPENED;
    }

    @GuardedBy("this")
    private Change close() {
        open = false;
        return Change.CLOSED;
    }

    /** The outcome of an admitted use. */
    enum Verdict {
        SUCCESS,
        FAILURE,
        TIME_OUT,
        NONE
    }

    /** How the end of a use changed the breaker. */
    enum Change {
        OPENED,
        CLOSED,
        NONE
    }
}
