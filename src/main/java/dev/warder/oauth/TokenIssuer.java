package dev.warder.oauth;

import dev.warder.credential.CredentialSource;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Where one credential's tokens come from. All methods but the descriptions and {@link #close} are called on the one thread
 * of a {@link TokenSource}, which may wait.
 */
interface TokenIssuer extends AutoCloseable {
    CredentialSource.Kind kind();

    /** Where the login is kept, in words; no secret. */
    String place();

    /** What an operator should know about what is stored; empty when there is nothing to say. */
    Optional<String> warning();

    /** What is there now, asking no endpoint; empty where nothing is shared with anybody who could have changed it. */
    Optional<TokenState> look() throws TokenStoreException;

    /** Brings a token that is good enough: one that another process got meanwhile, else a new one. */
    TokenState renew(Wish wish) throws TokenStoreException, EndpointException;

    /** Whether a token was received that could not be stored yet; {@link #renew} stores it first. Thread-safe. */
    boolean unsaved();

    /** Lets a running exchange end for a moment, then breaks it off; later ones fail. Thread-safe. */
    @Override
    void close();

    /**
     * What a renewal is to bring.
     *
     * @param goodEnough tokens that need no exchange
     * @param evenRefused whether the endpoint is to be asked about a login that it has refused
     */
    record Wish(Predicate<OAuthToken> goodEnough, boolean evenRefused) {}
}
