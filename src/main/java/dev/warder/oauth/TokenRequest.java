package dev.warder.oauth;

import java.net.URI;
import java.util.Map;

/**
 * One POST to a token endpoint (RFC 6749, section 3.2). No text form shows its body or fields.
 *
 * @param fields the header fields in addition to {@code Content-Type} and {@code Accept}
 */
public record TokenRequest(URI url, String contentType, String body, Map<String, String> fields) {
    public TokenRequest {
        fields = Map.copyOf(fields);
    }

    @Override
    public String toString() {
        return "TokenRequest[" + contentType + "]";
    }
}
