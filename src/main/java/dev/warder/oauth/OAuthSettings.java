package dev.warder.oauth;

import dev.warder.config.Secret;
import dev.warder.config.SettingReader;
import dev.warder.credential.source.ManagedSettings;
import dev.warder.oauth.store.StoreSettings;
import java.net.URI;
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
 * @param store how the login is stored
 * @param format the body of requests to the token endpoint
 */
public record OAuthSettings(
        Optional<URI> authorizeUrl,
        URI tokenUrl,
        String clientId,
        Optional<Secret> clientSecret,
        List<String> scopes,
        Optional<URI> redirectUri,
        StoreSettings store,
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

    /** The body of a request to the token endpoint. */
    public enum Format {
        /** {@code application/x-www-form-urlencoded}, as RFC 6749 requires. */
        FORM,
        /** A JSON object with the same members, as some endpoints require. */
        JSON
    }
}
