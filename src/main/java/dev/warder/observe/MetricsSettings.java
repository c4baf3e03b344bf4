package dev.warder.observe;

import dev.warder.auth.Client;
import dev.warder.auth.ClientSettings;
import dev.warder.config.InvalidValueException;
import dev.warder.config.Secret;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who reads metrics, and which clients they name, settings {@code metrics.*}. Thread-safe.
 *
 * @param token the token of monitors, which {@code admin.token} can be used in place of
 * @param open whether every caller reads them
 * @param clients the clients with series of their own, at most 50
 */
public record MetricsSettings(Optional<Secret> token, boolean open, Set<String> clients) {
    private static final int LEAST_TOKEN = 32;
    private static final int MOST_CLIENTS = 50;

    public MetricsSettings {
        clients = Set.copyOf(clients);
    }

    public static MetricsSettings read(SettingReader settings) {
        Optional<Secret> token = settings.secret(Setting.METRICS_TOKEN, MetricsSettings::check);
        boolean open = settings.read(Setting.METRICS_OPEN, false, ValueSyntax::flag);
        if (open && token.isPresent()) {
            settings.warning(Setting.METRICS_OPEN, "is true, so that metrics.token has no effect");
        }
        return new MetricsSettings(
                token, open, settings.read(Setting.METRICS_CLIENTS, Set.of(), MetricsSettings::names));
    }

    private static void check(String token) throws InvalidValueException {
        ClientSettings.checkToken(token);
        if (token.length() < LEAST_TOKEN) {
            throw new InvalidValueException("has fewer than 32 characters; make one with openssl rand -hex 32");
        }
    }

    private static Set<String> names(String text) throws InvalidValueException {
        var names = Arrays.stream(text.split(",", -1)).map(String::strip).collect(Collectors.toSet());
        if (names.size() > MOST_CLIENTS) {
            throw new InvalidValueException("must have at most 50 names");
        }
        for (String name : names) {
            if (!isName(name)) {
                throw new InvalidValueException(
                        "must be names of clients (1 to 64 letters, digits and . _ @ -), separated by commas;"
                                + " not 'other' or 'none'");
            }
        }
        return names;
    }

    private static boolean isName(String name) {
        boolean reserved = name.equals(LabelValues.OTHER) || name.equals(LabelValues.NONE);
        return !reserved
                && (Client.mayBeNamed(name)
                        || name.equals("shared")
                        || name.equals("open")
                        || name.equalsIgnoreCase(Client.ADMINISTRATOR));
    }
}
