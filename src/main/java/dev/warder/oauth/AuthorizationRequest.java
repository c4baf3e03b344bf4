package dev.warder.oauth;

import dev.warder.http.Form;
import java.net.URI;
import java.util.Optional;

/**
 * The part of an authorization request about its response (RFC 6749, section 4.1.1).
 *
 * @param state the value that the response must repeat, or empty
 * @param redirectUri the address to which the browser will be sent
 */
public record AuthorizationRequest(String state, Optional<URI> redirectUri) {
    public static AuthorizationRequest of(URI authorizeUrl) {
        var query = Optional.ofNullable(authorizeUrl.getRawQuery())
                .flatMap(Form::parse)
                .orElse(Form.NONE);
        return new AuthorizationRequest(query.value("state"), uri(query.value("redirect_uri")));
    }

    @Override
    public String toString() {
        return "AuthorizationRequest";
    }

    private static Optional<URI> uri(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(URI.create(text));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
