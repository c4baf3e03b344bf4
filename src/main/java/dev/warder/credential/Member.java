package dev.warder.credential;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One credential of the pool and its state. Thread-safe. */
final class Member {
    private static final long CHECK_PAUSE = Duration.ofMinutes(1).toNanos();

    private final CredentialSource source;
    private final int weight;
    final Health health;
    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private volatile @Nullable RateLimitFields reported;

    @GuardedBy("this")
    private boolean checked;

    @GuardedBy("this")
    private long checkedAt;

    Member(CredentialSource source, int weight, Health health, LongSupplier nanoTime, InstantSource clock) {
        this.source = source;
        this.weight = weight;
        this.health = health;
        this.nanoTime = nanoTime;
        this.clock = clock;
    }

    /** Keeps the response if it reports what remains, for operators. They seldom ask, so it is read then. */
    void responded(Outcome.Responded responded) {
        var fields = new RateLimitFields(responded.field(), clock.instant());
        if (fields.reportQuota()) {
            reported = fields;
        }
    }

    CredentialSource source() {
        return source;
    }

    int weight() {
        return weight;
    }

    /** Why it is not used now for this model. Calls the source, so callers hold no lock. */
    Optional<Obstacle> obstacle(Optional<String> model) {
        return source.outOfUse().map(Obstacle::outOfUse).or(() -> health.obstacle(model));
    }

    boolean isUsable(Optional<String> model) {
        return obstacle(model).isEmpty();
    }

    /** Whether a check of the credential may run now, at most once a minute; true means that the check has begun. */
    synchronized boolean beginCheck() {
        long now = nanoTime.getAsLong();
        if (checked && now - checkedAt < CHECK_PAUSE) {
            return false;
        }
        checked = true;
        checkedAt = now;
        return true;
    }

    CredentialState state() {
        var obstacle = obstacle(Optional.empty());
        return new CredentialState(
                source.name(),
                source.kind(),
                obstacle.isEmpty(),
                obstacle.map(Obstacle::words),
                obstacle.flatMap(Obstacle::timeLeft),
                health.heldModels(),
                health.breakerOpen(),
                Optional.ofNullable(reported).flatMap(RateLimitFields::quota));
    }
}
