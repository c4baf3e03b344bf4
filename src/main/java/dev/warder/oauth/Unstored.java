package dev.warder.oauth;

import dev.warder.oauth.TokenStore.StoredLogin;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Facts of a login that this process knows and its store does not: a token that was received and could not be stored
 * yet, and
 * a refusal that could not or should not be noted there. Both belong to the login that was stored at that time,
 * whatever else about it is rewritten. One thread at a time, except for {@link #holdsToken}.
 */
final class Unstored {
    private volatile @Nullable Received received;
    private @Nullable Refusal refusal;

    /** Whether a token waits to be stored. Thread-safe. */
    boolean holdsToken() {
        return received != null;
    }

    Optional<OAuthToken> tokenFor(Optional<StoredLogin> found) {
        return Optional.ofNullable(received)
                .filter(waiting -> waiting.before().equals(token(found)))
                .map(Received::token);
    }

    void keep(OAuthToken token, Optional<StoredLogin> before) {
        received = new Received(token, token(before));
    }

    void dropToken() {
        received = null;
    }

    void forget() {
        received = null;
        refusal = null;
    }

    void refuse(StoredLogin login, String reason) {
        refusal = new Refusal(login.token(), reason);
    }

    Optional<String> refusal(StoredLogin login) {
        return Optional.ofNullable(refusal)
                .filter(known -> known.token().equals(login.token()))
                .map(Refusal::reason);
    }

    private static Optional<OAuthToken> token(Optional<StoredLogin> login) {
        return login.map(StoredLogin::token);
    }

    /**
     * A token that was received to replace {@code before}, which may be used up; nothing else is stored in its place
     * yet.
     */
    private record Received(OAuthToken token, Optional<OAuthToken> before) {}

    private record Refusal(OAuthToken token, String reason) {}
}
