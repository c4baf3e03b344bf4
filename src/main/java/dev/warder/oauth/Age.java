package dev.warder.oauth;

import java.time.Duration;
import java.time.Instant;

/** How near the end of an access token is. */
enum Age {
    FRESH,
    ADVISORY,
    /** Callers wait for another token. */
    MANDATORY,
    EXPIRED;

    private static final Duration ADVISORY_LEFT = Duration.ofMinutes(5);
    private static final Duration MANDATORY_LEFT = Duration.ofSeconds(30);

    /** Tokens with a shorter lifetime than this are renewed by fractions of their lifetime. */
    private static final Duration SHORT = Duration.ofMinutes(15);

    static Age of(OAuthToken token, Instant now) {
        var left = Duration.between(now, token.expiry());
        if (left.isNegative() || left.isZero()) {
            return EXPIRED;
        }
        if (left.compareTo(part(token, MANDATORY_LEFT, 10)) <= 0) {
            return MANDATORY;
        }
        return left.compareTo(part(token, ADVISORY_LEFT, 3)) <= 0 ? ADVISORY : FRESH;
    }

    private static Duration part(OAuthToken token, Duration usual, int share) {
        return token.lifetime()
                .filter(life -> life.compareTo(SHORT) < 0)
                .map(life -> life.dividedBy(share))
                .orElse(usual);
    }
}
