package dev.warder.credential;

import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;

/**
 * Setting {@code passthrough}.
 *
 * @param allowed whether a client's own Anthropic credential is used if its request has one
 */
public record PassthroughSettings(boolean allowed) {
    public static PassthroughSettings read(ManagedSettings managed, SettingReader settings) {
        boolean allowed = settings.read(Setting.PASSTHROUGH, true, ValueSyntax::flag);
        if (!allowed && managed.credentials().isEmpty()) {
            settings.warning(
                    Setting.UPSTREAM_CREDENTIALS, "is not set and passthrough is off: nothing can go upstream");
        }
        return new PassthroughSettings(allowed);
    }
}
