package dev.warder.oauth;

import dev.warder.config.OAuth;
import dev.warder.credential.CredentialSource;
import dev.warder.oauth.TokenStore.Held;
import dev.warder.oauth.TokenStore.StoredLogin;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens of a login of the operator's OAuth client, which is kept in a store. Whoever renews holds the store's lock from the
 * look at what is stored until the new token is stored, so that a refresh token is used once in the whole cluster; no token
 * is used before it is stored.
 */
final class StoredLogins implements TokenIssuer {
    private static final Logger LOG = LoggerFactory.getLogger(StoredLogins.class);

    private final String name;
    private final OAuthClient client;
    private final TokenStore store;
    private final TokenEndpoint endpoint;

    /** What the endpoint refused, where the store could not or should not note it. */
    private @Nullable Refusal refusal;

    private volatile @Nullable Unsaved unsaved;

    StoredLogins(String name, OAuth oauth, TokenStore store, TokenEndpoint endpoint) {
        this.name = name;
        this.client = new OAuthClient(oauth);
        this.store = store;
        this.endpoint = endpoint;
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
        return Optional.of(store.read().map(this::state).orElseGet(TokenState.Absent::new));
    }

    @Override
    public TokenState renew(Wish wish) throws TokenStoreException, EndpointException {
        Attempt attempt;
        try {
            attempt = store.exclusively(held -> underLock(held, wish));
        } catch (TokenStoreException cannot) {
            return fromOther(wish, cannot);
        }
        if (attempt instanceof Failed failed) {
            throw failed.why();
        }
        return ((Done) attempt).state();
    }

    @Override
    public boolean unsaved() {
        return unsaved != null;
    }

    @Override
    public void close() {
        endpoint.close();
    }

    /** The client, for a login. */
    OAuthClient client() {
        return client;
    }

    /** Exchanges a code and puts the token into the place of what is stored. */
    TokenState login(TokenRequest request) throws TokenStoreException, EndpointException {
        var token = endpoint.post(request).token();
        var stored = store.exclusively(held -> held.write(token));
        unsaved = null;
        return new TokenState.Held(stored.token());
    }

    /** Forgets the login, in the store as well. */
    TokenState logout() throws TokenStoreException {
        store.exclusively(held -> {
            held.clear();
            return Boolean.TRUE;
        });
        unsaved = null;
        return new TokenState.Absent();
    }

    /** Whoever holds the lock for long is renewing, and may be ready by now. */
    private TokenState fromOther(Wish wish, TokenStoreException cannot) throws TokenStoreException {
        return store.read()
                .filter(stored -> !stored.refused() && wish.goodEnough().test(stored.token()))
                .map(this::state)
                .orElseThrow(() -> cannot);
    }

    private Attempt underLock(Held held, Wish wish) throws TokenStoreException {
        var found = held.read();
        var waiting = unsaved;
        if (waiting != null && found.filter(waiting::replaces).isPresent()) {
            return new Done(save(held, waiting));
        }
        unsaved = null;
        if (found.isEmpty()) {
            return new Done(new TokenState.Absent());
        }
        var stored = found.get();
        var state = state(stored);
        boolean ask = state instanceof TokenState.Held ? !wish.goodEnough().test(stored.token()) : wish.evenRefused();
        return ask ? ask(held, stored, wish) : new Done(state);
    }

    private Attempt ask(Held held, StoredLogin stored, Wish wish) throws TokenStoreException {
        var refreshToken = stored.token().refreshToken();
        if (refreshToken.isEmpty()) {
            return refused(stored, "The login of credential " + name + " has no refresh token; log in again.");
        }
        TokenReply reply;
        try {
            reply = endpoint.post(client.refresh(refreshToken.get()));
        } catch (EndpointException failed) {
            return switch (failed.meaning()) {
                case PASSING -> new Failed(failed);
                case REFUSED ->
                    refused(
                            stored,
                            "For credential " + name + " " + failed.getMessage() + "; check oauth.* and log in again.");
                case INVALID_GRANT -> invalidGrant(held, stored, wish);
            };
        }
        return new Done(save(held, new Unsaved(reply.after(stored.token()), stored.generation())));
    }

    private TokenState save(Held held, Unsaved received) throws TokenStoreException {
        unsaved = received;
        var stored = held.write(received.token());
        unsaved = null;
        refusal = null;
        return new TokenState.Held(stored.token());
    }

    private Attempt invalidGrant(Held held, StoredLogin asked, Wish wish) throws TokenStoreException {
        var now = held.read();
        boolean replaced = now.filter(stored -> !stored.generation().equals(asked.generation())
                        && !stored.refused()
                        && wish.goodEnough().test(stored.token()))
                .isPresent();
        if (replaced) {
            // By a program that does not know the lock.
            return new Done(new TokenState.Held(now.get().token()));
        }
        try {
            held.refuse();
        } catch (TokenStoreException unwritten) {
            LOG.warn("Credential {}: the refusal could not be noted: {}", name, unwritten.getMessage());
        }
        return refused(asked, invalidGrant());
    }

    private Attempt refused(StoredLogin stored, String reason) {
        refusal = new Refusal(stored.generation(), reason);
        return new Done(new TokenState.Refused(reason, Optional.of(stored.token())));
    }

    private TokenState state(StoredLogin stored) {
        if (stored.refused()) {
            return new TokenState.Refused(invalidGrant(), Optional.of(stored.token()));
        }
        var known = refusal;
        return known != null && known.generation().equals(stored.generation())
                ? new TokenState.Refused(known.reason(), Optional.of(stored.token()))
                : new TokenState.Held(stored.token());
    }

    private String invalidGrant() {
        return "The login of credential " + name + " was refused (invalid_grant); log in again.";
    }

    /** How it went under the lock. */
    private sealed interface Attempt {}

    private record Done(TokenState state) implements Attempt {}

    private record Failed(EndpointException why) implements Attempt {}

    private record Refusal(String generation, String reason) {}

    /** A token that was received and not stored, in the place of which the old one, now used up, is still there. */
    private record Unsaved(OAuthToken token, String oldGeneration) {
        boolean replaces(StoredLogin stored) {
            return stored.generation().equals(oldGeneration);
        }
    }
}
