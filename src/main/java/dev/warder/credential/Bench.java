package dev.warder.credential;

import dev.warder.credential.Health.Obstacle;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The time for which a credential is not used after a response.
 *
 * @param cause the end of the sentence "benched for 42 s …"
 */
record Bench(Obstacle.Reason reason, String cause, Duration time) {
    private static final Duration REFUSED = Duration.ofSeconds(60);
    private static final Duration UNPAID = Duration.ofMinutes(10);
    private static final Duration LIMITED = Duration.ofSeconds(15);

    static Bench rejected() {
        return new Bench(Obstacle.Reason.REFUSED, "after 401", REFUSED);
    }

    /**
     * The limit that the response itself names, which applies without proof. Empty when the response names none. The
     * limit on a rejected subscription or on the organization applies to the whole credential, any other limit to the
     * requested model.
     */
    static Optional<Bench> stated(Outcome.Responded responded, Instant now) {
        var fields = new RateLimitFields(responded.field(), now);
        return switch (responded.status()) {
            case 401, 402, 403 -> Optional.empty();
            case 429 ->
                fields.retryAfter()
                        .or(fields::untilAllowed)
                        .or(fields::untilReset)
                        .map(Bench::limited);
            default -> responded.status() < 500 ? usedUp(fields) : Optional.empty();
        };
    }

    static boolean concernsEveryModel(Outcome.Responded responded, Instant now) {
        return responded.status() == 429
                && (responded.code().concernsOrganization()
                        || new RateLimitFields(responded.field(), now).isRejected());
    }

    static Optional<Bench> blamed(Outcome.Responded responded, Instant now) {
        String cause = "after " + responded.status();
        return switch (responded.status()) {
            case 401, 403 -> Optional.of(new Bench(Obstacle.Reason.REFUSED, cause, REFUSED));
            case 402 ->
                Optional.of(new Bench(Obstacle.Reason.PASSING, cause, UNPAID)).filter(unpaid -> responded.isFailure());
            case 429 ->
                stated(responded, now).isPresent() ? Optional.empty() : Optional.of(unexplained(responded, now));
            default -> Optional.empty();
        };
    }

    Obstacle obstacle(Duration left) {
        String words = "benched for " + Obstacle.wholeSeconds(left) + " s " + cause;
        return new Obstacle(reason, words, Optional.of(left));
    }

    private static Bench unexplained(Outcome.Responded responded, Instant now) {
        return limited(new RateLimitFields(responded.field(), now).isFinal() ? UNPAID : LIMITED);
    }

    private static Bench limited(Duration time) {
        return new Bench(Obstacle.Reason.LIMITED, "after 429", time);
    }

    private static Optional<Bench> usedUp(RateLimitFields fields) {
        return fields.untilReset()
                .map(time -> new Bench(Obstacle.Reason.LIMITED, "as nothing remains until the reset", time));
    }
}
