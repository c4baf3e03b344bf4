package dev.warder.admin;

import dev.warder.auth.ClientSettings;
import dev.warder.config.InvalidValueException;
import dev.warder.config.Secret;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import java.util.Optional;

/**
 * Who administers this node, and what health shows. Thread-safe.
 *
 * @param token the token of administrators; if unset, nothing is served below {@code /admin}
 * @param healthDetails whether health shows names, reasons and times to every caller
 */
public record AdminSettings(Optional<Secret> token, boolean healthDetails) {
    /** @param clientToken the token of all clients, which should be another one */
    public static AdminSettings read(Optional<Secret> clientToken, SettingReader settings) {
        Optional<Secret> token = settings.secret(Setting.ADMIN_TOKEN, ClientSettings::checkToken);
        ClientSettings.warnOfShortToken(token, Setting.ADMIN_TOKEN, settings);
        boolean details = settings.read(Setting.HEALTH_DETAILS, false, AdminSettings::always);
        if (token.isPresent() && token.map(Secret::reveal).equals(clientToken.map(Secret::reveal))) {
            settings.warning(Setting.ADMIN_TOKEN, "is the token of all clients: each of them can drain this node");
        }
        return new AdminSettings(token, details);
    }

    private static boolean always(String text) throws InvalidValueException {
        return switch (text) {
            case "always" -> true;
            case "authenticated" -> false;
            default -> throw new InvalidValueException("must be authenticated or always");
        };
    }
}
