package dev.warder.auth;

import java.util.Optional;

/**
 * The caller's own credential for the upstream, of any kind, which it sent in addition to its access token. The text form shows
 * no secret.
 *
 * @param apiKey the value of {@code x-api-key}, unless it was the access token
 * @param bearer the token of {@code Authorization: Bearer}, unless it was the access token
 */
public record OwnCredential(Optional<String> apiKey, Optional<String> bearer) {
    @Override
    public String toString() {
        return "OwnCredential";
    }
}
