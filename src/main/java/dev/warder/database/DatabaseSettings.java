package dev.warder.database;

import dev.warder.config.InvalidValueException;
import dev.warder.config.Secret;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Where this node keeps data, settings {@code database.*} and {@code data.dir}. Thread-safe.
 *
 * @param url the JDBC URL of the database that the standalone form opens; an application server binds one instead
 * @param user the user there
 * @param password the user's password
 * @param folder the folder of this node's own files, which no other process may use
 */
public record DatabaseSettings(
        Optional<String> url, Optional<String> user, Optional<Secret> password, Optional<Path> folder) {
    private static final String WITHOUT_URL = "has no meaning without database.url";

    public static DatabaseSettings read(SettingReader settings) {
        Optional<String> url = settings.find(Setting.DATABASE_URL, DatabaseSettings::url);
        Optional<String> user = settings.find(Setting.DATABASE_USER, ValueSyntax::visible);
        Optional<Secret> password = settings.secret(Setting.DATABASE_PASSWORD, text -> {});
        Optional<Path> folder = settings.find(Setting.DATA_DIR, ValueSyntax::path);
        if (!settings.isSet(Setting.DATABASE_URL)) {
            user.ifPresent(unused -> settings.problem(Setting.DATABASE_USER, WITHOUT_URL));
            password.ifPresent(unused -> settings.problem(Setting.DATABASE_PASSWORD, WITHOUT_URL));
        }
        return new DatabaseSettings(url, user, password, folder);
    }

    public Optional<Path> journal() {
        return folder.map(each -> each.resolve("journal"));
    }

    public boolean isUnset() {
        return url.isEmpty() && folder.isEmpty();
    }

    private static String url(String text) throws InvalidValueException {
        if (!text.startsWith("jdbc:postgresql:") && !text.startsWith("jdbc:h2:")) {
            throw new InvalidValueException("must be jdbc:postgresql:… or jdbc:h2:…");
        }
        if (text.toLowerCase(Locale.ROOT).contains("password=")) {
            throw new InvalidValueException("must not contain a password: use database.password");
        }
        return text;
    }
}
