package dev.warder.oauth;

import dev.warder.credential.CredentialSource;
import java.util.Optional;

/**
 * Tokens of a login of the operator's OAuth client, which is kept in a store. The process that renews holds the store's
 * lock from the look at what is stored until the new token is stored. So a refresh token is used once in the whole
 * cluster. No token is used before it is stored.
 */
final class StoredLogins implements TokenIssuer {
    private final OAuthClient client;
    private final TokenStore store;
    private final TokenEndpoint endpoint;

    private final Unstored unstored = new Unstored();
    private final LoginRenewal renewal;

    StoredLogins(String name, OAuthSettings oauth, TokenStore store, TokenEndpoint endpoint) {
        this.client = new OAuthClient(oauth);
        this.store = store;
        this.endpoint = endpoint;
        this.renewal = new LoginRenewal(name, client, endpoint, unstored);
    }

    @Override
    public CredentialSource.Kind kind() {
        return CredentialSource.Kind.OAUTH;
    }

    @Override
    public String place() {
        return store.place();
    }

    @Override
    public Optional<String> warning() {
        return store.warning();
    }

    @Override
    public Optional<TokenState> look() throws TokenStoreException {
        return Optional.of(store.read().map(renewal::state).orElseGet(TokenState.Absent::new));
    }

    @Override
    public TokenState renew(Wish wish) throws TokenStoreException, EndpointException {
        LoginRenewal.Attempt attempt;
        try {
            attempt = store.exclusively(held -> renewal.renew(held, wish));
        } catch (TokenStoreException cannot) {
            return fromOther(wish, cannot);
        }
        return attempt.outcome();
    }

    @Override
    public boolean unsaved() {
        return unstored.holdsToken();
    }

    @Override
    public void close() {
        endpoint.close();
    }

    /** The client, for a login. */
    OAuthClient client() {
        return client;
    }

    /**
     * Exchanges a code and stores the token instead of the current login. Does not use the code up if the store is
     * known to fail.
     */
    TokenState login(TokenRequest request) throws TokenStoreException, EndpointException {
        return store.exclusively(held -> renewal.login(held, request)).outcome();
    }

    /** Deletes the login, in the store as well. */
    TokenState logout() throws TokenStoreException {
        store.exclusively(held -> {
            held.clear();
            return Boolean.TRUE;
        });
        unstored.forget();
        return new TokenState.Absent();
    }

    /** A process that holds the lock for long is renewing, and may have finished by now. */
    private TokenState fromOther(Wish wish, TokenStoreException cannot) throws TokenStoreException {
        return store.read()
                .filter(stored -> !stored.refused() && wish.goodEnough().test(stored.token()))
                .map(renewal::state)
                .orElseThrow(() -> cannot);
    }
}
