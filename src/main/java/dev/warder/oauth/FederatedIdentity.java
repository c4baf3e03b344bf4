package dev.warder.oauth;

import dev.warder.credential.source.CredentialSource;
import dev.warder.json.JsonTree;
import dev.warder.oauth.renewal.TokenIssuer;
import dev.warder.oauth.renewal.TokenState;
import dev.warder.oauth.token.EndpointException;
import dev.warder.oauth.token.TokenEndpoint;
import dev.warder.oauth.token.TokenRequest;
import java.util.Map;
import java.util.Optional;

/**
 * Tokens for workload identity (RFC 7523, section 2.1): the platform's identity token, read again each time, is
 * exchanged for a token of the API. Nothing is stored, and every refusal is temporary: the platform replaces the
 * identity token by itself.
 */
final class FederatedIdentity implements TokenIssuer {
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

    /** The member names are those of the published Java SDK. */
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
