package dev.warder.oauth;

import dev.warder.oauth.TokenIssuer.Wish;
import dev.warder.oauth.TokenSources.Unstored;
import dev.warder.oauth.TokenStore.Held;
import dev.warder.oauth.TokenStore.StoredLogin;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The renewal of a login while the lock of its store is held. One thread at a time. */
final class LoginRenewal {
    private static final Logger LOG = LoggerFactory.getLogger(LoginRenewal.class);
    private static final int MOST_ROUNDS = 2;

    private final String name;
    private final OAuthClient client;
    private final TokenEndpoint endpoint;
    private final Unstored unstored;

    LoginRenewal(String name, OAuthClient client, TokenEndpoint endpoint, Unstored unstored) {
        this.name = name;
        this.client = client;
        this.endpoint = endpoint;
        this.unstored = unstored;
    }

    Attempt login(Held held, TokenRequest request) throws TokenStoreException {
        var before = held.read();
        OAuthToken token;
        try {
            token = endpoint.post(request).token();
        } catch (EndpointException failed) {
            return new Failed(failed);
        }
        return new Done(save(held, token, before));
    }

    Attempt renew(Held held, Wish wish) throws TokenStoreException {
        var found = held.read();
        var received = unstored.tokenFor(found);
        if (received.isPresent()) {
            return new Done(save(held, received.get(), found));
        }
        unstored.dropToken();
        if (found.isEmpty()) {
            return new Done(new TokenState.Absent());
        }
        return needsRenewal(found.get(), wish) ? renewed(held, found.get(), wish) : new Done(state(found.get()));
    }

    private boolean needsRenewal(StoredLogin stored, Wish wish) {
        return state(stored) instanceof TokenState.Held ? !wish.goodEnough().test(stored.token()) : wish.evenRefused();
    }

    /**
     * Programs that do not know the lock may store another login while the old one is refused: a renewal of that login
     * is then requested as well.
     */
    private Attempt renewed(Held held, StoredLogin stored, Wish wish) throws TokenStoreException {
        var asked = stored;
        for (int round = 1; ; round++) {
            var attempt = ask(held, asked);
            if (attempt.isPresent()) {
                return attempt.get();
            }
            var now = held.read();
            if (now.isEmpty()) {
                return new Done(new TokenState.Absent());
            }
            if (now.get().token().refreshToken().equals(asked.token().refreshToken())) {
                return invalidGrant(held, now.get());
            }
            if (round == MOST_ROUNDS || !needsRenewal(now.get(), wish)) {
                return new Done(state(now.get()));
            }
            asked = now.get();
        }
    }

    /** Empty when the endpoint returns {@code invalid_grant}, which counts only if the login is still stored. */
    private Optional<Attempt> ask(Held held, StoredLogin stored) throws TokenStoreException {
        var refreshToken = stored.token().refreshToken();
        if (refreshToken.isEmpty()) {
            return Optional.of(refused(stored, noRefreshToken()));
        }
        TokenReply reply;
        try {
            reply = endpoint.post(client.refresh(refreshToken.get()));
        } catch (EndpointException failed) {
            return switch (failed.meaning()) {
                case PASSING -> Optional.of(new Failed(failed));
                case REFUSED ->
                    Optional.of(refused(
                            stored,
                            "For credential " + name + " " + failed.getMessage()
                                    + "; check oauth.* and log in again."));
                case INVALID_GRANT -> Optional.empty();
            };
        }
        return Optional.of(new Done(save(held, reply.after(stored.token()), Optional.of(stored))));
    }

    private TokenState save(Held held, OAuthToken token, Optional<StoredLogin> before) throws TokenStoreException {
        unstored.keep(token, before);
        var stored = held.write(token);
        unstored.forget();
        return held(stored);
    }

    private Attempt invalidGrant(Held held, StoredLogin stored) {
        try {
            held.refuse();
        } catch (TokenStoreException unwritten) {
            LOG.warn("Credential {}: the refusal could not be noted: {}", name, unwritten.getMessage());
        }
        return refused(stored, invalidGrant());
    }

    private Attempt refused(StoredLogin stored, String reason) {
        unstored.refuse(stored, reason);
        return new Done(new TokenState.Refused(reason, Optional.of(stored.token())));
    }

    TokenState state(StoredLogin stored) {
        var reason = stored.refused() ? Optional.of(invalidGrant()) : unstored.refusal(stored);
        return reason.<TokenState>map(why -> new TokenState.Refused(why, Optional.of(stored.token())))
                .orElseGet(() -> held(stored));
    }

    private TokenState.Held held(StoredLogin stored) {
        var token = stored.token();
        return token.refreshToken().isPresent()
                ? new TokenState.Held(token)
                : new TokenState.Held(token, Optional.of(noRefreshToken()));
    }

    private String noRefreshToken() {
        return "The login of credential " + name + " has no refresh token; log in again.";
    }

    private String invalidGrant() {
        return "The login of credential " + name + " was refused (invalid_grant); log in again.";
    }

    /** The result of the work under the lock, where no failure of an endpoint may be thrown. */
    sealed interface Attempt {
        TokenState outcome() throws EndpointException;
    }

    private record Done(TokenState outcome) implements Attempt {}

    private record Failed(EndpointException why) implements Attempt {
        @Override
        public TokenState outcome() throws EndpointException {
            throw why;
        }
    }
}
