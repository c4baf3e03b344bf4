package dev.warder.oauth;

import dev.warder.credential.CredentialUnavailableException;
import dev.warder.credential.UpstreamCredential;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A source's knowledge of its token: the last one, whether the upstream refused it, whether the endpoint returns
 * another, and the results of recent attempts. One thread at a time.
 */
final class KnownToken {
    private static final String NO_LOGIN = "no login is stored";
    private static final int SHORTEST_SHOWN = 32;

    private final String name;
    private final InstantSource clock;
    private @Nullable OAuthToken token;
    private @Nullable String refusedValue;
    private @Nullable String terminal;
    private @Nullable Instant lastRenewal;
    private @Nullable String lastError;
    private @Nullable String storeProblem;

    KnownToken(String name, InstantSource clock) {
        this.name = name;
        this.clock = clock;
    }

    Optional<OAuthToken> token() {
        return Optional.ofNullable(token);
    }

    Optional<String> terminal() {
        return Optional.ofNullable(terminal);
    }

    Age age() {
        return token().map(held -> Age.of(held, clock.instant())).orElse(Age.EXPIRED);
    }

    boolean is(String value) {
        return token().filter(held -> held.accessToken().equals(value)).isPresent();
    }

    /** The upstream refused {@code value}: it never counts as good enough again. */
    void refuse(String value) {
        refusedValue = value;
    }

    /** The token for callers, until its end, unless upstream and endpoint both refused it. */
    Optional<OAuthToken> usable() {
        return token().filter(held -> age() != Age.EXPIRED)
                .filter(held -> terminal == null || !held.accessToken().equals(refusedValue));
    }

    boolean goodEnough(OAuthToken candidate) {
        return Age.of(candidate, clock.instant()) == Age.FRESH
                && !candidate.accessToken().equals(refusedValue);
    }

    Optional<Instant> expiry() {
        return token().map(OAuthToken::expiry);
    }

    /** What a caller that does not want {@code refused} again gets now; to be passed on when no lock is held. */
    Consumer<CompletableFuture<UpstreamCredential>> result(String refused) {
        var value = usable().map(OAuthToken::accessToken).filter(held -> !held.equals(refused));
        if (value.isPresent()) {
            var credential = new UpstreamCredential.BearerToken(value.get(), true);
            return result -> result.complete(credential);
        }
        var why = terminal()
                .map(CredentialUnavailableException::terminal)
                .orElseGet(() -> CredentialUnavailableException.passing(passingReason(refused)));
        return result -> result.completeExceptionally(why);
    }

    void failed(String message) {
        lastError = message;
    }

    void renewed() {
        lastRenewal = clock.instant();
    }

    void recovered() {
        lastError = null;
    }

    boolean unreadable(String message) {
        boolean news = !message.equals(storeProblem);
        storeProblem = message;
        return news;
    }

    CredentialStatus status(String kind, String place) {
        return new CredentialStatus(
                name,
                kind,
                place,
                token().flatMap(KnownToken::masked),
                token().flatMap(OAuthToken::account),
                token().map(OAuthToken::scopes).orElse(List.of()),
                expiry(),
                Optional.ofNullable(lastRenewal),
                problem(),
                outOfUse());
    }

    Optional<String> outOfUse() {
        return usable().isPresent() ? Optional.empty() : terminal();
    }

    private Optional<String> problem() {
        return Optional.ofNullable(storeProblem).or(() -> Optional.ofNullable(lastError));
    }

    private String passingReason(String refused) {
        return problem()
                .orElse(is(refused) ? "the upstream refused a token that was just renewed" : "no token came in time");
    }

    private static Optional<String> masked(OAuthToken token) {
        String value = token.accessToken();
        return value.length() < SHORTEST_SHOWN
                ? Optional.empty()
                : Optional.of(value.substring(0, 8) + "…" + value.substring(value.length() - 4));
    }

    TokenChange adopt(TokenState state) {
        storeProblem = null;
        var before = token();
        boolean helpless = terminal != null;
        var complaint = replace(state);
        boolean another = state instanceof TokenState.Held && !token().equals(before);
        return new TokenChange(another ? token() : Optional.empty(), complaint, helpless && terminal == null);
    }

    private Optional<String> replace(TokenState state) {
        String reason = null;
        if (state instanceof TokenState.Held held) {
            token = held.token();
            reason = held.end().filter(why -> age() == Age.EXPIRED).orElse(null);
        } else if (state instanceof TokenState.Refused refused) {
            token = refused.token().orElse(null);
            reason = refused.reason();
        } else {
            token = null;
            reason = NO_LOGIN;
        }
        var news = Optional.ofNullable(reason).filter(text -> !text.equals(terminal));
        terminal = reason;
        return news.map(text -> "Credential " + name + " needs an operator: " + text
                + " (java -jar warder.war auth login " + name + ", or /admin/credentials)");
    }

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

    /**
     * News for the log after a renewal, an operator's action, or a look at the store.
     *
     * @param token another token than before
     * @param complaint what to report to an operator
     * @param helped whether the problem that was reported before is over
     */
    record TokenChange(Optional<OAuthToken> token, Optional<String> complaint, boolean helped) {}
}
