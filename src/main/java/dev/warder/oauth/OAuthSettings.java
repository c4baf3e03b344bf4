package dev.warder.oauth;

import dev.warder.config.Secret;
import dev.warder.config.SettingReader;
import dev.warder.credential.ManagedSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The operator's OAuth 2 client (RFC 6749 with PKCE, RFC 7636), settings {@code oauth.*}. No registered client is built
 * in. Thread-safe.
 *
 * @param authorizeUrl the authorization endpoint, needed for logging in only
 * @param tokenUrl the token endpoint
 * @param clientId the registered client
 * @param clientSecret for a confidential client
 * @param scopes requested in this order, may be empty
 * @param redirectUri where the authorization endpoint sends the browser back to, needed for logging in only
 * @param store where the login is kept
 * @param storeKey base64 (RFC 4648, section 4) of the 32 bytes that encrypt what is stored, in a file as in the
 *     database; if unset, the login is stored plain
 * @param storeSealedOnly whether a login that is not encrypted is never read; needs a key
 * @param format the body of requests to the token endpoint
 */
public record OAuthSettings(
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
    public OAuthSettings {
        scopes = List.copyOf(scopes);
    }

    /**
     * Reads {@code oauth.*}. A value that is set must be correct even if no credential uses it.
     *
     * @return empty if no credential of {@code managed} is a login
     */
    public static Optional<OAuthSettings> read(ManagedSettings managed, SettingReader settings) {
        return new OAuthReader(settings).read(managed);
    }

    /** Whether the login is kept in the DataSource {@code jdbc/warder}, which only an application server has. */
    public boolean usesDatabase() {
        return store instanceof Store.Jdbc;
    }

    /** Where a login is kept. */
    public sealed interface Store {
        /** A file of this node, or of all nodes on a file system with locks. */
        record File(Path path) implements Store {}

        /** The DataSource {@code jdbc/warder}. */
        record Jdbc() implements Store {}
    }

    /** The body of a request to the token endpoint. */
    public enum Format {
        /** {@code application/x-www-form-urlencoded}, as RFC 6749 requires. */
        FORM,
        /** A JSON object with the same members, as some endpoints require. */
        JSON
    }
}
