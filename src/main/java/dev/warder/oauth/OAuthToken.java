package dev.warder.oauth;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The token that a token endpoint returned (RFC 6749, section 5.1). No text form shows a token.
 *
 * @param accessToken goes upstream
 * @param refreshToken the grant for the next one; absent for workload identity
 * @param expiry when the access token ends
 * @param lifetime from its issue to its end, where that is known; how early it is renewed depends on it
 * @param scopes its scopes, where the endpoint returned them
 * @param account its owner, in the endpoint's words (an account, organization or subscription), where the endpoint
 *     returned one
 */
public record OAuthToken(
        String accessToken,
        Optional<String> refreshToken,
        Instant expiry,
        Optional<Duration> lifetime,
        List<String> scopes,
        Optional<String> account) {
    public OAuthToken {
        scopes = List.copyOf(scopes);
    }

    /** This token in the place of {@code before}, whose members are kept where the endpoint returned none. */
    OAuthToken after(OAuthToken before) {
        return new OAuthToken(
                accessToken,
                refreshToken.or(before::refreshToken),
                expiry,
                lifetime,
                scopes.isEmpty() ? before.scopes() : scopes,
                account.or(before::account));
    }

    @Override
    public String toString() {
        return "OAuthToken[expiry=" + expiry + "]";
    }
}
