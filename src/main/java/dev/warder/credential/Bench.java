package dev.warder.credential;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The time for which an answer says that a credential had better not be used.
 *
 * @param cause the end of the sentence "benched for 42 s …"
 */
record Bench(Obstacle.Reason reason, String cause, Duration time) {
    private static final Duration REFUSED = Duration.ofSeconds(60);
    private static final Duration UNPAID = Duration.ofMinutes(10);
    private static final Duration LIMITED = Duration.ofSeconds(15);

    /** What an answer's status and fields say; empty when it is no reason to pause. */
    static Optional<Bench> after(Outcome.Answered answered, Instant now) {
        String cause = "after " + answered.status();
        var fields = new RateLimitFields(answered.field(), now);
        return switch (answered.status()) {
            case 401, 403 -> Optional.of(new Bench(Obstacle.Reason.REFUSED, cause, REFUSED));
            case 402 -> Optional.of(new Bench(Obstacle.Reason.PASSING, cause, UNPAID));
            case 429 -> Optional.of(new Bench(Obstacle.Reason.LIMITED, cause, limited(fields)));
            default -> answered.status() < 500 ? usedUp(fields) : Optional.empty();
        };
    }

    private static Duration limited(RateLimitFields fields) {
        return fields.retryAfter()
                .or(fields::untilAllowed)
                .or(fields::untilReset)
                .orElse(fields.isFinal() ? UNPAID : LIMITED);
    }

    private static Optional<Bench> usedUp(RateLimitFields fields) {
        return fields.untilReset()
                .map(time -> new Bench(Obstacle.Reason.LIMITED, "as nothing remains until the reset", time));
    }
}
