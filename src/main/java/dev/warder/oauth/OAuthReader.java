package dev.warder.config;

import dev.warder.config.OAuth.Format;
import dev.warder.config.OAuth.Store;
import dev.warder.config.WarderConfig.Upstream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code oauth.*}. What is set must be correct even if no credential uses it. */
final class OAuthReader {
    private static final String FORM = "oauth";
    private static final String FILE = "file:";
    private static final URI STAND_IN = URI.create("https://localhost");

    /** RFC 6749, section 3.3, but for the comma, which separates here. */
    private static final Pattern SCOPE = Pattern.compile("[!#-+\\--\\[\\]-~]+");

    private final SettingReader settings;

    OAuthReader(SettingReader settings) {
        this.settings = settings;
    }

    /** Present when a login of {@code upstream} needs it. */
    Optional<OAuth> read(Upstream upstream) {
        OAuth read = readAll();
        if (!upstream.has(ManagedCredential.Login.class)) {
            settings.warnWithout(FORM);
            return Optional.empty();
        }
        settings.requireFor(FORM, Setting.OAUTH_TOKEN_URL, Setting.OAUTH_CLIENT_ID, Setting.OAUTH_STORE);
        noteLogin(Setting.OAUTH_AUTHORIZE_URL);
        noteLogin(Setting.OAUTH_REDIRECT_URI);
        return Optional.of(read);
    }

    private OAuth readAll() {
        return new OAuth(
                settings.find(Setting.OAUTH_AUTHORIZE_URL, EndpointUrl::parse),
                settings.read(Setting.OAUTH_TOKEN_URL, STAND_IN, EndpointUrl::parse),
                settings.read(Setting.OAUTH_CLIENT_ID, "-", ValueSyntax::visible),
                settings.secret(Setting.OAUTH_CLIENT_SECRET, SecretRule.ANY),
                settings.find(Setting.OAUTH_SCOPES, OAuthReader::scopes).orElse(List.of()),
                settings.find(Setting.OAUTH_REDIRECT_URI, EndpointUrl::parse),
                settings.read(Setting.OAUTH_STORE, new Store.Jdbc(), OAuthReader::store),
                settings.secret(Setting.OAUTH_STORE_KEY, SecretRule.STORE_KEY),
                sealedOnly(),
                settings.read(Setting.OAUTH_FORMAT, Format.FORM, ValueSyntax.oneOf(List.of(Format.FORM, Format.JSON))));
    }

    private boolean sealedOnly() {
        boolean only = settings.read(Setting.OAUTH_STORE_SEALED_ONLY, false, ValueSyntax::flag);
        if (only && !settings.isSet(Setting.OAUTH_STORE_KEY)) {
            settings.problem(Setting.OAUTH_STORE_SEALED_ONLY, "must not be true without oauth.storeKey");
        }
        return only;
    }

    private void noteLogin(Setting setting) {
        if (!settings.isSet(setting)) {
            settings.note(setting, "is not set, so a login must come into oauth.store by other means");
        }
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

    private static Store store(String text) throws InvalidValueException {
        if (text.equals("jdbc")) {
            return new Store.Jdbc();
        }
        if (!text.startsWith(FILE)) {
            throw new InvalidValueException("must be file:PATH or jdbc");
        }
        return new Store.File(
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
}
