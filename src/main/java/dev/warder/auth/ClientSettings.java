package dev.warder.auth;

import dev.warder.config.InvalidValueException;
import dev.warder.config.Secret;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The admitted callers, settings {@code clients.*}. Thread-safe.
 *
 * @param token the shared access token
 * @param file the file of hashed tokens; it was readable when the settings were read
 * @param pepper HMAC key of the hashes in the file
 * @param header name of the dedicated field
 * @param open whether every caller is admitted; never together with access tokens
 * @param database whether there are access tokens in the database too
 * @param certificates the clients of TLS client certificates
 */
public record ClientSettings(
        Optional<Secret> token,
        Optional<Path> file,
        Optional<Secret> pepper,
        String header,
        boolean open,
        boolean database,
        ClientCertificates certificates) {
    private static final int SHORTEST_TOKEN = 16;
    private static final int LONGEST_TOKEN = 512;

    private static final List<String> TAKEN_FIELDS =
            List.of(("Accept Accept-Charset Accept-Encoding Accept-Language Authorization Cache-Control Connection"
                            + " Content-Encoding Content-Length Content-Type Cookie Date Expect Forwarded From Host Keep-Alive"
                            + " Origin Pragma Range Referer Set-Cookie TE Trailer Transfer-Encoding Upgrade User-Agent Via"
                            + " WWW-Authenticate X-Api-Key")
                    .split(" "));
    private static final List<String> TAKEN_PREFIXES = List.of("anthropic-", "proxy-", "sec-", "access-control-");

    /** Refuses an empty field name, and open access together with access tokens or certificates. */
    public ClientSettings {
        if (header.isEmpty() || open && (token.isPresent() || file.isPresent() || database || certificates.on())) {
            throw new IllegalArgumentException("header or open is out of range");
        }
    }

    public static ClientSettings read(boolean database, SettingReader settings) {
        Optional<Secret> token = settings.secret(Setting.CLIENTS_TOKEN, ClientSettings::checkToken);
        warnOfShortToken(token, Setting.CLIENTS_TOKEN, settings);
        Optional<Path> file = settings.find(Setting.CLIENTS_FILE, ClientSettings::readableFile);
        Optional<Secret> pepper = settings.secret(Setting.CLIENTS_PEPPER, Secret.Rule.ANY);
        String header = settings.read(
                Setting.CLIENTS_HEADER, "-", text -> ValueSyntax.ownFieldName(text, TAKEN_FIELDS, TAKEN_PREFIXES));
        boolean open = settings.read(Setting.CLIENTS_OPEN, false, ValueSyntax::flag);
        var certificates = ClientCertificates.read(settings);
        if (open
                && (settings.isSet(Setting.CLIENTS_TOKEN)
                        || settings.isSet(Setting.CLIENTS_FILE)
                        || database
                        || certificates.on())) {
            settings.problem(
                    Setting.CLIENTS_OPEN,
                    "must not be true together with clients.token, clients.file, policy.database or auth.certificate");
            open = false;
        }
        var read = new ClientSettings(token, file, pepper, header, open, database, certificates);
        read.warn(settings);
        return read;
    }

    public boolean configured() {
        return open || token.isPresent() || file.isPresent() || database || certificates.on();
    }

    /** Whether no access token admits a caller who has no client certificate. */
    public boolean needsCertificate() {
        return certificates.required() || certificates.on() && token.isEmpty() && file.isEmpty() && !database;
    }

    private void warn(SettingReader settings) {
        if (open) {
            settings.warning(Setting.CLIENTS_OPEN, "EVERYBODY who reaches this port may call, without an access token");
        } else if (!configured()) {
            settings.warning(
                    Setting.CLIENTS_TOKEN, "is not set, nor clients.file or policy.database: every request gets 503");
        }
        if (token.isPresent() && certificates.on()) {
            settings.warning(
                    Setting.AUTH_CERTIFICATE,
                    "the token of clients.token is of no client: with a certificate it gets 401");
        }
        if (pepper.isPresent() && file.isEmpty() && !database) {
            settings.warning(Setting.CLIENTS_PEPPER, "has no effect without clients.file or policy.database");
        }
    }

    private static Path readableFile(String text) throws InvalidValueException {
        Path path = ValueSyntax.path(text);
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            throw new InvalidValueException("file: does not exist or is not a regular file that can be read");
        }
        return path;
    }

    /** Warns of an access token that an operator chose and that the next release refuses. */
    public static void warnOfShortToken(Optional<Secret> token, Setting setting, SettingReader settings) {
        if (token.filter(each -> each.reveal().length() < TokenThrottle.LONG_TOKEN)
                .isPresent()) {
            settings.warning(
                    setting,
                    "has fewer than 32 characters, which the next release refuses; make one with openssl rand -hex 32");
        }
    }

    /**
     * The form of an access token that an operator chose: 16 to 512 visible ASCII characters that do not look
     * like an Anthropic credential.
     *
     * @param token ASCII without control characters
     * @throws InvalidValueException with the reason, which does not repeat the token
     */
    public static void checkToken(String token) throws InvalidValueException {
        if (token.length() < SHORTEST_TOKEN || token.length() > LONGEST_TOKEN) {
            throw new InvalidValueException("has " + token.length() + " characters; 16 to 512 are needed");
        }
        if (token.indexOf(' ') >= 0) {
            throw new InvalidValueException("has a blank; 16 to 512 visible ASCII characters are needed");
        }
        if (token.startsWith("sk-ant-")) {
            // Such a value always counts as an Anthropic credential, so it can never be an access token.
            throw new InvalidValueException("looks like an Anthropic credential; choose a token of your own");
        }
    }
}
