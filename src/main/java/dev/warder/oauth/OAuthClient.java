package dev.warder.oauth;

import dev.warder.config.Secret;
import dev.warder.json.JsonTree;
import dev.warder.oauth.CredentialControl.AuthorizationRequest;
import dev.warder.oauth.CredentialControl.ControlException;
import dev.warder.oauth.TokenEndpoint.TokenRequest;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The operator's registered client: builds the requests to the authorization endpoint and the token endpoint. A public
 * client names itself in the body; a confidential one by HTTP Basic (RFC 6749, section 2.3.1), or in the body where
 * that is JSON. Thread-safe.
 */
record OAuthClient(OAuthSettings oauth) {
    /** Requests another token by a refresh token, for the scopes that it has (RFC 6749, section 6). */
    TokenRequest refresh(String refreshToken) {
        var members = new LinkedHashMap<String, String>();
        members.put("grant_type", "refresh_token");
        members.put("refresh_token", refreshToken);
        return request(members);
    }

    /** Requests a token by an authorization code (RFC 6749, section 4.1.3; RFC 7636, section 4.5). */
    TokenRequest exchange(String code, PendingLogins.Begun begun) throws ControlException {
        var members = new LinkedHashMap<String, String>();
        members.put("grant_type", "authorization_code");
        members.put("code", code);
        members.put("redirect_uri", redirectUri().toString());
        members.put("code_verifier", begun.verifier());
        if (oauth.format() == OAuthSettings.Format.JSON) {
            // Endpoints that use JSON compare it again.
            members.put("state", begun.state());
        }
        return request(members);
    }

    /** Where the browser goes (RFC 6749, section 4.1.1; RFC 7636, section 4.3). */
    AuthorizationRequest authorize(PendingLogins.Begun begun) throws ControlException {
        var endpoint = oauth.authorizeUrl().orElseThrow(() -> new ControlException("oauth.authorizeUrl is not set"));
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("response_type", "code");
        parameters.put("client_id", oauth.clientId());
        parameters.put("redirect_uri", redirectUri().toString());
        if (!oauth.scopes().isEmpty()) {
            parameters.put("scope", String.join(" ", oauth.scopes()));
        }
        parameters.put("state", begun.state());
        parameters.put("code_challenge", begun.challenge());
        parameters.put("code_challenge_method", "S256");
        // The endpoint may have its own parameters, which are kept (RFC 6749, section 3.1).
        String separator = endpoint.getRawQuery() == null ? "?" : "&";
        var url = URI.create(endpoint + separator + form(parameters));
        return new AuthorizationRequest(url, begun.state(), redirectUri());
    }

    private URI redirectUri() throws ControlException {
        return oauth.redirectUri().orElseThrow(() -> new ControlException("oauth.redirectUri is not set"));
    }

    private TokenRequest request(Map<String, String> members) {
        var secret = oauth.clientSecret().map(Secret::reveal);
        if (oauth.format() == OAuthSettings.Format.JSON) {
            members.put("client_id", oauth.clientId());
            secret.ifPresent(value -> members.put("client_secret", value));
            var body = JsonTree.newObject();
            members.forEach(body::add);
            return new TokenRequest(
                    oauth.tokenUrl(), "application/json", body.build().toString(), Map.of());
        }
        if (secret.isEmpty()) {
            members.put("client_id", oauth.clientId());
        }
        return new TokenRequest(oauth.tokenUrl(), "application/x-www-form-urlencoded", form(members), basic(secret));
    }

    private Map<String, String> basic(Optional<String> secret) {
        return secret.map(value -> encoded(oauth.clientId()) + ":" + encoded(value))
                .map(pair -> Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII)))
                .map(credentials -> Map.of("Authorization", "Basic " + credentials))
                .orElse(Map.of());
    }

    private static String form(Map<String, String> members) {
        return members.entrySet().stream()
                .map(member -> encoded(member.getKey()) + "=" + encoded(member.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
