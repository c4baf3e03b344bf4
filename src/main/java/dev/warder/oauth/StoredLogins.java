package dev.warder.oauth;

import dev.warder.credential.CredentialSource;
import dev.warder.oauth.TokenEndpoint.EndpointException;
import dev.warder.oauth.TokenEndpoint.TokenRequest;
import dev.warder.oauth.TokenIssuer.TokenState;
import dev.warder.oauth.TokenStore.Held;
import dev.warder.oauth.TokenStore.StoredLogin;
import dev.warder.oauth.TokenStore.TokenStoreException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens of a login of the operator's OAuth client, which is kept in a store. The process that renews holds the store's
 * lock from the look at what is stored until the new token is stored. So a refresh token is used once in the whole
 * cluster. No token is used before it is stored.
 */
final class StoredLogins implements TokenIssuer {
    private static final Logger LOG = LoggerFactory.getLogger(StoredLogins.class);
    private static final int MOST_ROUNDS = 2;

    private final String name;
    final OAuthClient client;
    private final TokenStore store;
    private final TokenEndpoint endpoint;

    /**
     * A token that was received and could not be stored yet. It belongs to the login that was stored before it, whatever
     * else about that is rewritten.
     */
    private volatile @Nullable Received received;

    /** A refusal that could not or should not be noted in the store. It belongs to the login that was refused. */
    private @Nullable Refusal refusal;

    StoredLogins(String name, OAuthSettings oauth, TokenStore store, TokenEndpoint endpoint) {
        this.name = name;
        this.client = new OAuthClient(oauth);
        this.store = store;
        this.endpoint = endpoint;
    }

    /** @param before what it replaces, which may be used up; nothing else is stored in its place yet */
    private record Received(OAuthToken token, Optional<OAuthToken> before) {}

    private record Refusal(OAuthToken token, String reason) {}

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
        return Optional.of(store.read().map(this::state).orElseGet(TokenState.Absent::new));
    }

    @Override
    public TokenState renew(Wish wish) throws TokenStoreException, EndpointException {
        try {
            return store.exclusively(held -> renew(held, wish));
        } catch (TokenStoreException cannot) {
            // A process that holds the lock for long is renewing, and may have finished by now.
            return store.read()
                    .filter(stored -> !stored.refused() && wish.goodEnough().test(stored.token()))
                    .map(this::state)
                    .orElseThrow(() -> cannot);
        }
    }

    @Override
    public boolean unsaved() {
        return received != null;
    }

    @Override
    public void close() {
        endpoint.close();
    }

    /**
     * Exchanges a code and stores the token instead of the current login. Does not use the code up if the store is
     * known to fail.
     */
    TokenState login(TokenRequest request) throws TokenStoreException, EndpointException {
        return store.exclusively(held -> {
            var before = held.read();
            return save(held, endpoint.post(request), before);
        });
    }

    TokenState logout() throws TokenStoreException {
        store.exclusively(held -> {
            held.clear();
            return Boolean.TRUE;
        });
        forget();
        return new TokenState.Absent();
    }

    private void forget() {
        received = null;
        refusal = null;
    }

    private TokenState renew(Held held, Wish wish) throws TokenStoreException, EndpointException {
        var found = held.read();
        var waiting = received;
        if (waiting != null && waiting.before().equals(found.map(StoredLogin::token))) {
            return save(held, waiting.token(), found);
        }
        received = null;
        if (found.isEmpty()) {
            return new TokenState.Absent();
        }
        return needsRenewal(found.get(), wish) ? renewed(held, found.get(), wish) : state(found.get());
    }

    private boolean needsRenewal(StoredLogin stored, Wish wish) {
        return state(stored) instanceof TokenState.Held ? !wish.goodEnough().test(stored.token()) : wish.evenRefused();
    }

    /**
     * Programs that do not know the lock may store another login while the old one is refused: a renewal of that login
     * is then requested as well.
     */
    private TokenState renewed(Held held, StoredLogin stored, Wish wish) throws TokenStoreException, EndpointException {
        var asked = stored;
        for (int round = 1; ; round++) {
            var result = ask(held, asked);
            if (result.isPresent()) {
                return result.get();
            }
            var now = held.read();
            if (now.isEmpty()) {
                return new TokenState.Absent();
            }
            if (now.get().token().refreshToken().equals(asked.token().refreshToken())) {
                return invalidGrant(held, now.get());
            }
            if (round == MOST_ROUNDS || !needsRenewal(now.get(), wish)) {
                return state(now.get());
            }
            asked = now.get();
        }
    }

    /** Empty when the endpoint returns {@code invalid_grant}, which counts only if the login is still stored. */
    private Optional<TokenState> ask(Held held, StoredLogin stored) throws TokenStoreException, EndpointException {
        var refreshToken = stored.token().refreshToken();
        if (refreshToken.isEmpty()) {
            return Optional.of(refused(stored, noRefreshToken()));
        }
        try {
            var token = endpoint.post(client.refresh(refreshToken.get())).after(stored.token());
            return Optional.of(save(held, token, Optional.of(stored)));
        } catch (EndpointException failed) {
            return switch (failed.meaning()) {
                case PASSING -> throw failed;
                case REFUSED ->
                    Optional.of(refused(
                            stored,
                            "For credential " + name + " " + failed.getMessage()
                                    + "; check oauth.* and log in again."));
                case INVALID_GRANT -> Optional.empty();
            };
        }
    }

    private TokenState save(Held held, OAuthToken token, Optional<StoredLogin> before) throws TokenStoreException {
        received = new Received(token, before.map(StoredLogin::token));
        var stored = held.write(token);
        forget();
        return held(stored);
    }

    private TokenState invalidGrant(Held held, StoredLogin stored) {
        try {
            held.refuse();
        } catch (TokenStoreException unwritten) {
            LOG.warn("Credential {}: the refusal could not be noted: {}", name, unwritten.getMessage());
        }
        return refused(stored, invalidGrant());
    }

    private TokenState refused(StoredLogin stored, String reason) {
        refusal = new Refusal(stored.token(), reason);
        return new TokenState.Refused(reason, stored.token());
    }

    private TokenState state(StoredLogin stored) {
        var known = refusal;
        if (stored.refused()) {
            return new TokenState.Refused(invalidGrant(), stored.token());
        }
        return known != null && known.token().equals(stored.token())
                ? new TokenState.Refused(known.reason(), stored.token())
                : held(stored);
    }

    private TokenState.Held held(StoredLogin stored) {
        var end = stored.token().refreshToken().isPresent() ? Optional.<String>empty() : Optional.of(noRefreshToken());
        return new TokenState.Held(stored.token(), end);
    }

    private String noRefreshToken() {
        return "The login of credential " + name + " has no refresh token; log in again.";
    }

    private String invalidGrant() {
        return "The login of credential " + name + " was refused (invalid_grant); log in again.";
    }
}
