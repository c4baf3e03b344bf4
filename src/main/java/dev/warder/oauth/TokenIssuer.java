package dev.warder.oauth;

import dev.warder.credential.CredentialSource;
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
}
