package dev.warder.oauth;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a source knows of its token: the last one, whether the upstream refused it, and whether the endpoint gives another.
 * One thread at a time.
 */
final class KnownToken {
    private static final String NOBODY = "nobody has logged in";

    private final String name;
    private final InstantSource clock;
    private @Nullable OAuthToken token;
    private @Nullable String refusedValue;
    private @Nullable String terminal;

    KnownToken(String name, InstantSource clock) {
        this.name = name;
        this.clock = clock;
    }

    Optional<OAuthToken> token() {
        return Optional.ofNullable(token);
    }

    /** Why the endpoint gives no other before an operator acts. */
    Optional<String> terminal() {
        return Optional.ofNullable(terminal);
    }

    Age age() {
        return token().map(held -> Age.of(held, clock.instant())).orElse(Age.EXPIRED);
    }

    /** Whether {@code value} is the token that callers get. */
    boolean is(String value) {
        return token().filter(held -> held.accessToken().equals(value)).isPresent();
    }

    /** The upstream refused {@code value}: it is never good enough again. */
    void refuse(String value) {
        refusedValue = value;
    }

    /** What callers can use: the token until its end, unless upstream and endpoint both refused it. */
    Optional<OAuthToken> usable() {
        return token().filter(held -> age() != Age.EXPIRED)
                .filter(held -> terminal == null || !held.accessToken().equals(refusedValue));
    }

    /** Whether {@code candidate} needs no renewal. */
    boolean goodEnough(OAuthToken candidate) {
        return Age.of(candidate, clock.instant()) == Age.FRESH
                && !candidate.accessToken().equals(refusedValue);
    }

    Optional<Instant> expiry() {
        return token().map(OAuthToken::expiry);
    }

    /** Takes over what an issuer says; tells what an operator must hear, which is each reason once. */
    Optional<String> adopt(TokenState state) {
        String reason = null;
        if (state instanceof TokenState.Held held) {
            token = held.token();
        } else if (state instanceof TokenState.Refused refused) {
            token = refused.token().orElse(null);
            reason = refused.reason();
        } else {
            token = null;
            reason = NOBODY;
        }
        var news = Optional.ofNullable(reason).filter(text -> !text.equals(terminal));
        terminal = reason;
        return news.map(text -> "Credential " + name + " needs an operator: " + text
                + " (java -jar warder.war auth login " + name + ", or /admin/credentials)");
    }
}
