package dev.warder.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The operator's OAuth 2 client (RFC 6749 with PKCE, RFC 7636), settings {@code oauth.*}. No registration of anybody is
 * built in.
 *
 * @param authorizeUrl the authorization endpoint, needed for logging in only
 * @param tokenUrl the token endpoint
 * @param clientId the registered client
 * @param clientSecret for a confidential client
 * @param scopes asked for in this order, may be empty
 * @param redirectUri where the authorization endpoint sends the browser back to, needed for logging in only
 * @param store where the login is kept
 * @param storeKey base64 (RFC 4648, section 4) of the 32 bytes that encrypt what is stored, in a file as in the
 *     database; unset = plain
 * @param storeSealedOnly whether a login that is not encrypted is never read; needs a key
 * @param format how the token endpoint is spoken to
 */
public record OAuth(
        Optional<URI> authorizeUrl,
        URI tokenUrl,
        String clientId,
        Optional<Secret> clientSecret,
        List<String> scopes,
        Optional<URI> redirectUri,
        Store store,
        Optional<Secret> storeKey,
        boolean storeSealedOnly,
        Format format) {
    /** Copies the list. */
    public OAuth {
        scopes = List.copyOf(scopes);
    }

    /** Where a login is kept. */
    public sealed interface Store {
        /** A file of this node or of all, on a file system with locks. */
        record File(Path path) implements Store {}

        /** The DataSource {@code jdbc/warder}. */
        record Jdbc() implements Store {}
    }

    /** The body of a request to the token endpoint. */
    public enum Format {
        /** {@code application/x-www-form-urlencoded}, as RFC 6749 asks for. */
        FORM,
        /** A JSON object with the same members, as some endpoints want it. */
        JSON
    }
}
