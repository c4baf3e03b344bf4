package dev.warder.auth;

import java.util.Optional;

/**
 * What a caller brought beside its access token: its own credential for the upstream, of whatever kind. The text form
 * shows nothing of it.
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
