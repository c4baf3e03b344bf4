package dev.warder.oauth;

import java.net.URI;

/**
 * An authorization request (RFC 6749, section 4.1.1). The text form shows none of it.
 *
 * @param url where the operator's browser goes
 * @param state the value that the response must repeat
 * @param redirectUri the address to which the browser will be sent
 */
public record AuthorizationRequest(URI url, String state, URI redirectUri) {
    @Override
    public String toString() {
        return "AuthorizationRequest";
    }
}
