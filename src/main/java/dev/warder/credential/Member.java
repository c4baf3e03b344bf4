package dev.warder.credential;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.credential.source.CredentialSource;
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
    private final Health health;
    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private volatile @Nullable Quota quota;

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

    /** Keeps what the response reports as remaining, for operators. */
    void responded(Outcome.Responded responded) {
        new RateLimitFields(responded.field(), clock.instant()).quota().ifPresent(found -> quota = found);
    }

    CredentialSource source() {
        return source;
    }

    int weight() {
        return weight;
    }

    Health health() {
        return health;
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
                Optional.ofNullable(quota));
    }
}
