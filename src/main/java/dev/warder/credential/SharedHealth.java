package dev.warder.credential;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The health of a credential among several: a bench by what the upstream answered, and a breaker for when it fails.
 * Neither touches what is already under way. Thread-safe.
 */
final class SharedHealth implements Health {
    private static final Logger LOG = LoggerFactory.getLogger(SharedHealth.class);

    private final String name;
    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private final Breaker breaker;

    @GuardedBy("this")
    private @Nullable Bench bench;

    @GuardedBy("this")
    private long benchedUntil;

    /**
     * A healthy one.
     *
     * @param name the credential's configured name, for the log
     */
    SharedHealth(String name, LongSupplier nanoTime, InstantSource clock) {
        this.name = name;
        this.nanoTime = nanoTime;
        this.clock = clock;
        this.breaker = new Breaker(nanoTime);
    }

    @Override
    public Optional<Obstacle> obstacle() {
        var open = breaker.blockedFor().map(Obstacle::breakerOpen);
        var benched = benched();
        boolean breakerLasts = open.flatMap(Obstacle::timeLeft)
                        .orElse(Duration.ZERO)
                        .compareTo(benched.flatMap(Obstacle::timeLeft).orElse(Duration.ZERO))
                > 0;
        return breakerLasts ? open : benched.or(() -> open);
    }

    @Override
    public OptionalLong begin() {
        return benched().isPresent() ? OptionalLong.empty() : breaker.enter();
    }

    @Override
    public void ended(long begun, Outcome outcome) {
        if (outcome instanceof Outcome.Answered answered) {
            Bench.after(answered, clock.instant()).ifPresent(this::bench);
        }
        switch (breaker.ended(begun, verdict(outcome))) {
            case OPENED -> LOG.warn("credential {}: its breaker is open, for it failed too often or timed out", name);
            case CLOSED -> LOG.info("credential {}: its breaker is closed again", name);
            case NONE -> {}
        }
    }

    private void bench(Bench next) {
        if (keep(next)) {
            LOG.warn(
                    "credential {}: {}",
                    name,
                    Obstacle.benched(next, next.time()).words());
        }
    }

    /** Whether it was not benched before; a longer bench stays. */
    private synchronized boolean keep(Bench next) {
        long now = nanoTime.getAsLong();
        long until = now + next.time().toNanos();
        boolean fresh = bench == null || benchedUntil - now <= 0;
        if (fresh || until - benchedUntil > 0) {
            bench = next;
            benchedUntil = until;
        }
        return fresh;
    }

    private synchronized Optional<Obstacle> benched() {
        long left = benchedUntil - nanoTime.getAsLong();
        return bench == null || left <= 0
                ? Optional.empty()
                : Optional.of(Obstacle.benched(bench, Duration.ofNanos(left)));
    }

    private static Breaker.Verdict verdict(Outcome outcome) {
        if (outcome instanceof Outcome.Answered answered) {
            return answered.status() < 500 ? Breaker.Verdict.SUCCESS : Breaker.Verdict.FAILURE;
        } else if (outcome instanceof Outcome.Unavailable unavailable) {
            return unavailable.cause().isTerminal() ? Breaker.Verdict.NONE : Breaker.Verdict.FAILURE;
        } else if (outcome instanceof Outcome.TimedOut) {
            return Breaker.Verdict.TIME_OUT;
        }
        return outcome instanceof Outcome.Lost ? Breaker.Verdict.FAILURE : Breaker.Verdict.NONE;
    }
}
