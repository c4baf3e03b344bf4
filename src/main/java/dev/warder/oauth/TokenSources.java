package dev.warder.oauth;

import dev.warder.credential.CredentialSource;
import dev.warder.credential.ManagedCredential;
import dev.warder.json.JsonTree;
import dev.warder.oauth.TokenStore.StoredLogin;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All managed credentials that renew themselves, each with its source and its controls for the operator. Thread-safe.
 */
public final class TokenSources implements AutoCloseable {
    private final List<TokenSource> sources;
    private final List<CredentialControl> controls;

    private TokenSources(List<TokenSource> sources, List<CredentialControl> controls) {
        this.sources = List.copyOf(sources);
        this.controls = List.copyOf(controls);
    }

    /**
     * Makes one for each login and workload identity in {@code credentials}; fixed ones are skipped. Nothing runs
     * before {@link #start}.
     *
     * @param oauth present where there is a login
     * @param federation present where there is workload identity
     * @param stores opens the store that the settings name, for the credential of this name
     * @throws IllegalArgumentException when the settings of an entry are missing
     */
    public static TokenSources of(
            List<ManagedCredential> credentials,
            Optional<OAuthSettings> oauth,
            Optional<FederationSettings> federation,
            BiFunction<StoreSettings, String, TokenStore> stores,
            RenewalResources resources) {
        var sources = new ArrayList<TokenSource>();
        var controls = new ArrayList<CredentialControl>();
        for (var credential : credentials) {
            if (credential instanceof ManagedCredential.Login login) {
                var settings = oauth.orElseThrow(() -> new IllegalArgumentException("oauth.* is missing"));
                var issuer = new StoredLogins(
                        login.name(), settings, stores.apply(settings.store(), login.name()), resources.endpoint());
                var source = new TokenSource(login.name(), issuer, resources);
                sources.add(source);
                controls.add(
                        new LoginControl(source, issuer, new PendingLogins(resources.random(), resources.nanoTime())));
            } else if (credential instanceof ManagedCredential.WorkloadIdentity identity) {
                var settings = federation.orElseThrow(() -> new IllegalArgumentException("federation.* is missing"));
                var issuer = new FederatedIdentity(settings, resources.endpoint());
                var source = new TokenSource(identity.name(), issuer, resources);
                sources.add(source);
                controls.add(new IdentityControl(source, issuer));
            }
        }
        return new TokenSources(sources, controls);
    }

    public Optional<CredentialSource> source(String name) {
        return sources.stream()
                .filter(source -> source.name().equals(name))
                .<CredentialSource>map(source -> source)
                .findFirst();
    }

    public List<CredentialControl> controls() {
        return controls;
    }

    /** Looks for stored logins, so that missing or unusual ones are known early. Does not wait. */
    public void start() {
        sources.forEach(TokenSource::start);
    }

    /** Checks clocks and stores; to be called once a second. Does not wait. */
    public void tick() {
        sources.forEach(TokenSource::tick);
    }

    /** Aborts what runs and ends the threads; waits a second, and longer only for a token that is being stored. */
    @Override
    public void close() {
        sources.forEach(TokenSource::close);
    }

    /** The operator's control of workload identity, which supports no login. Thread-safe. */
    private static final class IdentityControl implements CredentialControl {
        private final TokenSource source;
        private final FederatedIdentity identity;

        IdentityControl(TokenSource source, FederatedIdentity identity) {
            this.source = source;
            this.identity = identity;
        }

        @Override
        public String name() {
            return source.name();
        }

        @Override
        public URI beginLogin() throws ControlException {
            throw noLogin();
        }

        @Override
        public CompletionStage<CredentialStatus> finishLogin(String code, String state) {
            return CompletableFuture.failedFuture(noLogin());
        }

        @Override
        public CompletionStage<CredentialStatus> status() {
            return source.looked();
        }

        @Override
        public CompletionStage<CredentialStatus> refresh() {
            return source.operate(() -> identity.renew(new TokenIssuer.Wish(token -> false, true)));
        }

        @Override
        public CompletionStage<CredentialStatus> logout() {
            return CompletableFuture.failedFuture(noLogin());
        }

        private ControlException noLogin() {
            return new ControlException(
                    "Credential " + name() + " is workload identity: there is no login to begin or to forget.");
        }
    }

    /**
     * Tokens for workload identity (RFC 7523, section 2.1): the platform's identity token, read again each time, is
     * exchanged for a token of the API. Nothing is stored, and every refusal is temporary: the platform replaces the
     * identity token by itself.
     */
    private static final class FederatedIdentity implements TokenIssuer {
        private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
        private static final Map<String, String> FIELDS =
                Map.of("anthropic-beta", "oauth-2025-04-20,oidc-federation-2026-04-01");

        private final FederationSettings federation;
        private final TokenEndpoint endpoint;

        FederatedIdentity(FederationSettings federation, TokenEndpoint endpoint) {
            this.federation = federation;
            this.endpoint = endpoint;
        }

        @Override
        public CredentialSource.Kind kind() {
            return CredentialSource.Kind.FEDERATION;
        }

        @Override
        public String place() {
            return "nowhere; each process exchanges the identity token by itself";
        }

        @Override
        public Optional<String> warning() {
            return Optional.empty();
        }

        @Override
        public Optional<TokenState> look() {
            return Optional.empty();
        }

        @Override
        public TokenState renew(Wish wish) throws EndpointException {
            try {
                return new TokenState.Held(endpoint.post(request()).token());
            } catch (EndpointException refused) {
                throw EndpointException.passing(String.valueOf(refused.getMessage()), refused.retryAfter());
            }
        }

        @Override
        public boolean unsaved() {
            return false;
        }

        @Override
        public void close() {
            endpoint.close();
        }

        private TokenRequest request() {
            var body = JsonTree.newObject()
                    .add("grant_type", GRANT)
                    .add("assertion", federation.identityToken().reveal())
                    .add("federation_rule_id", federation.ruleId())
                    .add("organization_id", federation.organizationId());
            federation.serviceAccountId().ifPresent(id -> body.add("service_account_id", id));
            federation.workspaceId().ifPresent(id -> body.add("workspace_id", id));
            return new TokenRequest(
                    federation.tokenUrl(), "application/json", body.build().toString(), FIELDS);
        }
    }

    /** The operator's control of a login of the OAuth client. Thread-safe. */
    static final class LoginControl implements CredentialControl {
        /** RFC 6749, appendix A.11. */
        private static final Pattern CODE = Pattern.compile("[ -~]{1,4096}");

        private final TokenSource source;
        private final StoredLogins logins;
        private final PendingLogins pending;

        LoginControl(TokenSource source, StoredLogins logins, PendingLogins pending) {
            this.source = source;
            this.logins = logins;
            this.pending = pending;
        }

        @Override
        public String name() {
            return source.name();
        }

        @Override
        public URI beginLogin() throws ControlException {
            return logins.client().authorize(pending.begin());
        }

        @Override
        public CompletionStage<CredentialStatus> finishLogin(String code, String state) {
            var begun = pending.take(state);
            if (begun.isEmpty()) {
                return refused(
                        "This login was not begun here, was used already, or is older than ten minutes; begin again.");
            }
            if (!CODE.matcher(code).matches()) {
                return refused("This is no authorization code; begin again.");
            }
            return source.operate(() -> logins.login(logins.client().exchange(code, begun.get())));
        }

        @Override
        public CompletionStage<CredentialStatus> status() {
            return source.looked();
        }

        @Override
        public CompletionStage<CredentialStatus> refresh() {
            return source.operate(() -> {
                var state = logins.renew(new TokenIssuer.Wish(token -> false, true));
                if (state instanceof TokenState.Absent) {
                    throw new ControlException("No one has logged in to credential " + name() + "; log in first.");
                }
                return state;
            });
        }

        @Override
        public CompletionStage<CredentialStatus> logout() {
            return source.operate(logins::logout);
        }

        private static CompletionStage<CredentialStatus> refused(String message) {
            return CompletableFuture.failedFuture(new ControlException(message));
        }
    }

    /**
     * Tokens of a login of the operator's OAuth client, which is kept in a store. The process that renews holds the store's
     * lock from the look at what is stored until the new token is stored. So a refresh token is used once in the whole
     * cluster. No token is used before it is stored.
     */
    static final class StoredLogins implements TokenIssuer {
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

    /**
     * Facts of a login that this process knows and its store does not: a token that was received and could not be stored
     * yet, and a refusal that could not or should not be noted there. Both belong to the login that was stored at that
     * time, whatever else about it is rewritten. One thread at a time, except for {@link #holdsToken}.
     */
    static final class Unstored {
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
}
