package dev.warder.oauth;

import dev.warder.config.InvalidValueException;
import dev.warder.config.Secret;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/**
 * How a login is stored, settings {@code oauth.store}, {@code oauth.storeKey} and {@code oauth.storeSealedOnly}. Thread-safe.
 *
 * @param file of this node, or of all nodes on a file system with locks; empty for the DataSource {@code jdbc/warder}, which
 *     the standalone form binds to its own database
 * @param key base64 (RFC 4648, section 4) of the 32 bytes that encrypt what is stored, in a file as in the database; if
 *     unset, the login is stored plain
 * @param sealedOnly whether a login that is not encrypted is never read; needs a key
 */
public record StoreSettings(Optional<Path> file, Optional<Secret> key, boolean sealedOnly) {
    private static final String FILE = "file:";

    /** The bytes of a key of AES-256. */
    private static final int KEY_BYTES = 32;

    public static StoreSettings read(SettingReader settings) {
        Optional<Path> file = settings.read(Setting.OAUTH_STORE, Optional.empty(), StoreSettings::file);
        Optional<Secret> key = settings.secret(Setting.OAUTH_STORE_KEY, StoreSettings::checkKey);
        boolean sealedOnly = settings.read(Setting.OAUTH_STORE_SEALED_ONLY, false, ValueSyntax::flag);
        if (sealedOnly && !settings.isSet(Setting.OAUTH_STORE_KEY)) {
            settings.problem(Setting.OAUTH_STORE_SEALED_ONLY, "must not be true without oauth.storeKey");
        }
        return new StoreSettings(file, key, sealedOnly);
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
