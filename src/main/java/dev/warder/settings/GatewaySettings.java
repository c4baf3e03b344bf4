package dev.warder.settings;

import dev.warder.admin.AdminSettings;
import dev.warder.config.ConfigException;
import dev.warder.config.ConfigReader;
import dev.warder.config.SettingReader;
import dev.warder.config.WarderConfig;
import dev.warder.models.ModelSettings;
import dev.warder.prompt.PromptSettings;

/**
 * Everything that the operator set.
 *
 * @param core what no feature reads itself
 */
public record GatewaySettings(WarderConfig core, PromptSettings prompt, ModelSettings models, AdminSettings admin) {
    /**
     * Reads all settings.
     *
     * @throws ConfigException with every problem of every feature
     */
    public static GatewaySettings read(ConfigReader reader) {
        return reader.read(GatewaySettings::read);
    }

    private static GatewaySettings read(SettingReader settings) {
        var core = WarderConfig.read(settings);
        var admin = AdminSettings.read(settings);
        admin.compareWith(core.clients().token(), settings);
        return new GatewaySettings(core, PromptSettings.read(settings), ModelSettings.read(settings), admin);
    }
}
