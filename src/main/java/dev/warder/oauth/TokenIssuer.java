package dev.warder.oauth;

import dev.warder.credential.CredentialSource;
import dev.warder.oauth.TokenEndpoint.EndpointException;
import dev.warder.oauth.TokenStore.TokenStoreException;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The source of one credential's tokens. All methods but the descriptions and {@link #close} are called on the one
 * thread of a {@link TokenSource}, which may wait.
 */
public interface TokenIssuer extends AutoCloseable {
    CredentialSource.Kind kind();

    String place();

    default Optional<String> warning() {
        return Optional.empty();
    }

    Optional<TokenState> look() throws TokenStoreException;

    /** Returns a token that is good enough: one that another process got meanwhile, otherwise a new one. */
    TokenState renew(Wish wish) throws TokenStoreException, EndpointException;

    /** Whether a token was received that could not be stored yet; {@link #renew} stores it first. Thread-safe. */
    boolean unsaved();

    /** Gives a running exchange a moment to end, then aborts it; later exchanges fail. Thread-safe. */
    @Override
    void close();

    /**
     * The aim of a renewal.
     *
     * @param goodEnough tokens that need no exchange
     * @param evenRefused whether to request a token even for a login that the endpoint has refused
     */
    record Wish(Predicate<OAuthToken> goodEnough, boolean evenRefused) {}

    /** The state of a credential's token after a call of its issuer. No text form shows a token. */
    sealed interface TokenState {
        /**
         * There is a token; its own members determine how fresh it is.
         *
         * @param end why no other one is available when it expires, in words that an operator reads
         */
        record Held(OAuthToken token, Optional<String> end) implements TokenState {
            public Held(OAuthToken token) {
                this(token, Optional.empty());
            }
        }

        /**
         * The endpoint returns no other token before an operator acts.
         *
         * @param reason in words that an operator reads
         * @param token the last one, which may be valid for a while
         */
        record Refused(String reason, OAuthToken token) implements TokenState {}

        /** No login is stored. */
        record Absent() implements TokenState {}
    }
}
