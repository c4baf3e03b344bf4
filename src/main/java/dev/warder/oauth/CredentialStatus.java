package dev.warder.oauth;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One managed credential that renews itself, as an operator sees it.
 *
 * @param name the configured name
 * @param kind {@code oauth} or {@code federation}
 * @param place where its login is stored, in words
 * @param maskedToken the first 8 and last 4 characters of the access token with an ellipsis between; empty for one
 *     that is shorter than 32
 * @param account the owner, where the token endpoint returned one
 * @param scopes the scopes of the token, where the endpoint returned them
 * @param expiry when the access token ends
 * @param lastRefresh when this process last renewed it
 * @param lastError why the last attempt to do so failed, when it did
 * @param outOfUse why no token is available until an operator acts
 */
public record CredentialStatus(
        String name,
        String kind,
        String place,
        Optional<String> maskedToken,
        Optional<String> account,
        List<String> scopes,
        Optional<Instant> expiry,
        Optional<Instant> lastRefresh,
        Optional<String> lastError,
        Optional<String> outOfUse) {
    public CredentialStatus {
        scopes = List.copyOf(scopes);
    }
}
