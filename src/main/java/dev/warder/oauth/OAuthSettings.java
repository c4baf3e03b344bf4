package dev.warder.oauth;

import dev.warder.config.EndpointUrl;
import dev.warder.config.InvalidValueException;
import dev.warder.config.Secret;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import dev.warder.credential.ManagedCredential;
import dev.warder.credential.ManagedSettings;
import dev.warder.oauth.FederationSettings.CredentialForm;
import dev.warder.oauth.OAuthSettings.Format;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

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
    /** Takes the place of a URL that has a problem, until all problems are collected. */
    private static final URI STAND_IN = URI.create("https://localhost");

    /** RFC 6749, section 3.3, except for the comma, which separates scopes here. */
    private static final Pattern SCOPE = Pattern.compile("[!#-+\\--\\[\\]-~]+");

    public OAuthSettings {
        scopes = List.copyOf(scopes);
    }

    /**
     * Reads {@code oauth.*}. A value that is set must be correct even if no credential uses it.
     *
     * @return empty if no credential of {@code managed} is a login
     */
    public static Optional<OAuthSettings> read(ManagedSettings managed, SettingReader settings) {
        var read = readAll(settings);
        var form = new CredentialForm("oauth", settings);
        if (!managed.has(ManagedCredential.Login.class)) {
            form.warnOfEach();
            return Optional.empty();
        }
        form.require(Setting.OAUTH_TOKEN_URL, Setting.OAUTH_CLIENT_ID, Setting.OAUTH_STORE);
        for (var setting : List.of(Setting.OAUTH_AUTHORIZE_URL, Setting.OAUTH_REDIRECT_URI)) {
            if (!settings.isSet(setting)) {
                settings.note(setting, "is not set, so a login must come into oauth.store by other means");
            }
        }
        return Optional.of(read);
    }

    private static OAuthSettings readAll(SettingReader settings) {
        return new OAuthSettings(
                settings.find(Setting.OAUTH_AUTHORIZE_URL, EndpointUrl::parse),
                settings.read(Setting.OAUTH_TOKEN_URL, STAND_IN, EndpointUrl::parse),
                settings.read(Setting.OAUTH_CLIENT_ID, "-", ValueSyntax::visible),
                settings.secret(Setting.OAUTH_CLIENT_SECRET, Secret.Rule.ANY),
                settings.find(Setting.OAUTH_SCOPES, OAuthSettings::scopes).orElse(List.of()),
                settings.find(Setting.OAUTH_REDIRECT_URI, EndpointUrl::parse),
                StoreSettings.read(settings),
                settings.read(Setting.OAUTH_FORMAT, Format.FORM, ValueSyntax.oneOf(List.of(Format.FORM, Format.JSON))));
    }

    private static List<String> scopes(String text) throws InvalidValueException {
        List<String> scopes = Arrays.stream(text.split("[\\s,]+"))
                .filter(scope -> !scope.isEmpty())
                .distinct()
                .toList();
        if (!scopes.stream().allMatch(scope -> SCOPE.matcher(scope).matches())) {
            throw new InvalidValueException("must be scopes of visible ASCII characters without \" and \\");
        }
        return scopes;
    }

    /** The body of a request to the token endpoint. */
    public enum Format {
        /** {@code application/x-www-form-urlencoded}, as RFC 6749 requires. */
        FORM,
        JSON
    }
}
