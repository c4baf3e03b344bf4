package dev.warder.credential;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Keeps requests away from what fails: 5 failures within 10 s without a success between, or one time-out, open it for
 * 30 s; then one probe is let through, whose success closes it. What began before the breaker last changed says nothing
 * any more: of a hundred requests that hang, the first to time out opens it, and the others do not open it again behind
 * a probe that went well. Thread-safe.
 */
final class Breaker {
    private static final int FAILURES = 5;
    private static final long WINDOW = Duration.ofSeconds(10).toNanos();
    private static final long PAUSE = Duration.ofSeconds(30).toNanos();

    /** What is let through beside the probe says nothing. */
    private static final long NO_PHASE = -1;

    private final LongSupplier nanoTime;

    @GuardedBy("this")
    private final Deque<Long> failures = new ArrayDeque<>();

    /** Counts the changes; what is let through carries its value. */
    @GuardedBy("this")
    private long phase;

    @GuardedBy("this")
    private boolean open;

    @GuardedBy("this")
    private boolean probing;

    @GuardedBy("this")
    private long openUntil;

    /** A closed one. */
    Breaker(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** How long nothing is let through; empty when something is. A probe under way may end at any moment: 0 then. */
    synchronized Optional<Duration> blockedFor() {
        long left = openUntil - nanoTime.getAsLong();
        if (!open || !probing && left <= 0) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos(Math.max(0, left)));
    }

    /** Lets one through, as the probe where it is one; empty when nothing is let through. */
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
     * Lets one through that is never the probe, since its outcome may come late or show nothing; empty when nothing is let
     * through.
     */
    synchronized OptionalLong enterBesideProbe() {
        if (blockedFor().isPresent()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(open ? NO_PHASE : phase);
    }

    /**
     * Says what came of one that was let through.
     *
     * @param entered what {@link #enter} gave it
     */
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

    /** What came of one that was let through. */
    enum Verdict {
        SUCCESS,
        FAILURE,
        TIME_OUT,
        /** It is not known. */
        NONE
    }

    /** What an end made of the breaker. */
    enum Change {
        OPENED,
        CLOSED,
        NONE
    }
}
