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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
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
        Store store,
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
                Store.read(settings),
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

    /**
     * How a login is stored, settings {@code oauth.store}, {@code oauth.storeKey} and {@code oauth.storeSealedOnly}. Thread-safe.
     *
     * @param file of this node, or of all nodes on a file system with locks; empty for the DataSource {@code jdbc/warder}, which
     *     the standalone form binds to its own database
     * @param key base64 (RFC 4648, section 4) of the 32 bytes that encrypt what is stored, in a file as in the database; if
     *     unset, the login is stored plain
     * @param sealedOnly whether a login that is not encrypted is never read; needs a key
     */
    public record Store(Optional<Path> file, Optional<Secret> key, boolean sealedOnly) {
        private static final String FILE = "file:";

        /** The bytes of a key of AES-256. */
        private static final int KEY_BYTES = 32;

        public static Store read(SettingReader settings) {
            Optional<Path> file = settings.read(Setting.OAUTH_STORE, Optional.empty(), Store::file);
            Optional<Secret> key = settings.secret(Setting.OAUTH_STORE_KEY, Store::checkKey);
            boolean sealedOnly = settings.read(Setting.OAUTH_STORE_SEALED_ONLY, false, ValueSyntax::flag);
            if (sealedOnly && !settings.isSet(Setting.OAUTH_STORE_KEY)) {
                settings.problem(Setting.OAUTH_STORE_SEALED_ONLY, "must not be true without oauth.storeKey");
            }
            return new Store(file, key, sealedOnly);
        }

        public boolean usesDatabase() {
            return file.isEmpty();
        }

        private static Optional<Path> file(String text) throws InvalidValueException {
            if (text.equals("jdbc")) {
                return Optional.empty();
            }
            if (!text.startsWith(FILE)) {
                throw new InvalidValueException("must be file:PATH or jdbc");
            }
            return Optional.of(
                    storeFile(ValueSyntax.pathOf(text.substring(FILE.length()).strip())));
        }

        private static Path storeFile(Path path) throws InvalidValueException {
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                throw new InvalidValueException("file: is not a regular file");
            }
            Path folder = path.getParent();
            // A new version is a new file in the same folder; if it cannot be written, a refresh loses the login.
            if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
                throw new InvalidValueException("file: is not in a directory that exists and can be written to");
            }
            return path;
        }

        private static void checkKey(String text) throws InvalidValueException {
            try {
                if (Base64.getDecoder().decode(text).length == KEY_BYTES) {
                    return;
                }
            } catch (IllegalArgumentException malformed) {
                // Its message has a character of the key.
            }
            throw new InvalidValueException("must be base64 of exactly 32 bytes, as openssl rand -base64 32 makes it");
        }
    }
}
