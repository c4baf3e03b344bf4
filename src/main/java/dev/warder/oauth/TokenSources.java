package dev.warder.oauth;

import dev.warder.config.ConfigException;
import dev.warder.credential.CredentialSource;
import dev.warder.credential.ManagedCredential;
import dev.warder.json.JsonTree;
import dev.warder.oauth.TokenEndpoint.EndpointException;
import dev.warder.oauth.TokenEndpoint.TokenRequest;
import dev.warder.oauth.TokenIssuer.TokenState;
import dev.warder.upstream.Outbound;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import javax.sql.DataSource;

/**
 * All managed credentials that renew themselves, each with its source and its controls for the operator. Thread-safe.
 */
public record TokenSources(List<TokenSource> sources) implements AutoCloseable {
    public TokenSources {
        sources = List.copyOf(sources);
    }

    /**
     * Makes one for each login and workload identity in {@code credentials}; fixed ones are skipped. Nothing runs
     * before {@link #start}.
     *
     * @param oauth present where there is a login
     * @param federation present where there is workload identity
     * @param database the DataSource {@code jdbc/warder}, where there is one
     * @throws ConfigException when the settings require the database and there is none
     * @throws IllegalArgumentException when the settings of an entry are missing
     */
    public static TokenSources of(
            List<ManagedCredential> credentials,
            Optional<OAuthSettings> oauth,
            Optional<FederationSettings> federation,
            Optional<DataSource> database,
            Resources resources) {
        var sources = new ArrayList<TokenSource>();
        for (var credential : credentials) {
            String name = credential.name();
            TokenIssuer issuer;
            if (credential instanceof ManagedCredential.Login) {
                var settings = oauth.orElseThrow(() -> new IllegalArgumentException("oauth.* is missing"));
                var store = TokenStore.of(settings.store(), name, database);
                issuer = new StoredLogins(name, settings, store, resources.endpoint());
            } else if (credential instanceof ManagedCredential.WorkloadIdentity) {
                var settings = federation.orElseThrow(() -> new IllegalArgumentException("federation.* is missing"));
                issuer = new FederatedIdentity(settings, resources.endpoint());
            } else {
                continue;
            }
            sources.add(new TokenSource(name, issuer, resources));
        }
        return new TokenSources(sources);
    }

    public List<CredentialControl> controls() {
        return List.copyOf(sources);
    }

    /** The source of a credential, which renews itself or was set by hand. */
    public CredentialSource source(ManagedCredential credential) {
        if (credential instanceof ManagedCredential.Fixed fixed) {
            return fixed;
        }
        return sources.stream()
                .filter(source -> source.name().equals(credential.name()))
                .findFirst()
                .orElseThrow();
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

    /**
     * Tokens for workload identity (RFC 7523, section 2.1): the platform's identity token, read again each time, is
     * exchanged for a token of the API. Nothing is stored, and every refusal is temporary: the platform replaces the
     * identity token by itself.
     */
    private record FederatedIdentity(FederationSettings federation, TokenEndpoint endpoint) implements TokenIssuer {
        private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
        private static final Map<String, String> FIELDS =
                Map.of("anthropic-beta", "oauth-2025-04-20,oidc-federation-2026-04-01");

        @Override
        public CredentialSource.Kind kind() {
            return CredentialSource.Kind.FEDERATION;
        }

        @Override
        public String place() {
            return "nowhere; each process exchanges the identity token by itself";
        }

        @Override
        public Optional<TokenState> look() {
            return Optional.empty();
        }

        @Override
        public TokenState renew(Wish wish) throws EndpointException {
            try {
                return new TokenState.Held(endpoint.post(request()));
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

    /**
     * The surroundings of credentials that renew themselves. Thread-safe, as its parts are.
     *
     * @param outbound the way to their endpoints
     * @param threads makes the thread of each source and those of its HTTP client; they must carry the application's
     *     context class loader
     * @param clock the time by which tokens expire
     * @param nanoTime a clock that never goes back, for ages and pauses
     * @param random for {@code state}, PKCE verifiers and the jitter of pauses
     */
    public record Resources(
            Outbound outbound, ThreadFactory threads, InstantSource clock, LongSupplier nanoTime, SecureRandom random) {
        public TokenEndpoint endpoint() {
            return new TokenEndpoint(outbound, threads, clock, nanoTime, TokenEndpoint.LIMIT);
        }
    }
}
