package dev.warder.credential;

import java.util.Optional;

/** One credential of the pool and how it stands. Thread-safe. */
final class Member {
    private final CredentialSource source;
    private final int weight;
    private final Health health;

    Member(CredentialSource source, int weight, Health health) {
        this.source = source;
        this.weight = weight;
        this.health = health;
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

    /** Why it is not used now; asks the source, so no lock may be held. */
    Optional<Obstacle> obstacle() {
        return source.outOfUse().map(Obstacle::outOfUse).or(health::obstacle);
    }

    boolean isUsable() {
        return obstacle().isEmpty();
    }

    CredentialState state() {
        var obstacle = obstacle();
        return new CredentialState(
                source.name(),
                source.kind(),
                obstacle.isEmpty(),
                obstacle.map(Obstacle::words),
                obstacle.flatMap(Obstacle::timeLeft));
    }
}
