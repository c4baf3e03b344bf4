package dev.warder.credential;

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

    /** What a credential gets that is rejected when the upstream is asked whether it is valid. */
    static Bench rejected() {
        return new Bench(Obstacle.Reason.REFUSED, "after 401", REFUSED);
    }

    /**
     * The limit that the response itself names, which holds without proof; empty when it names none. A rejected
     * subscription concerns the whole credential, any other limit the model that was asked.
     */
    static Optional<Bench> stated(Outcome.Answered answered, Instant now) {
        var fields = new RateLimitFields(answered.field(), now);
        return switch (answered.status()) {
            case 401, 402, 403 -> Optional.empty();
            case 429 ->
                fields.retryAfter()
                        .or(fields::untilAllowed)
                        .or(fields::untilReset)
                        .map(Bench::limited);
            default -> answered.status() < 500 ? usedUp(fields) : Optional.empty();
        };
    }

    /** Whether {@link #stated} concerns every model. */
    static boolean concernsEveryModel(Outcome.Answered answered, Instant now) {
        return answered.status() == 429 && new RateLimitFields(answered.field(), now).isRejected();
    }

    /** What the response means for its credential if another credential did better with the same request. */
    static Optional<Bench> blamed(Outcome.Answered answered, Instant now) {
        String cause = "after " + answered.status();
        return switch (answered.status()) {
            case 401, 403 -> Optional.of(new Bench(Obstacle.Reason.REFUSED, cause, REFUSED));
            case 402 -> Optional.of(new Bench(Obstacle.Reason.PASSING, cause, UNPAID));
            case 429 -> stated(answered, now).isPresent() ? Optional.empty() : Optional.of(unexplained(answered, now));
            default -> Optional.empty();
        };
    }

    private static Bench unexplained(Outcome.Answered answered, Instant now) {
        return limited(new RateLimitFields(answered.field(), now).isFinal() ? UNPAID : LIMITED);
    }

    private static Bench limited(Duration time) {
        return new Bench(Obstacle.Reason.LIMITED, "after 429", time);
    }

    private static Optional<Bench> usedUp(RateLimitFields fields) {
        return fields.untilReset()
                .map(time -> new Bench(Obstacle.Reason.LIMITED, "as nothing remains until the reset", time));
    }
}
