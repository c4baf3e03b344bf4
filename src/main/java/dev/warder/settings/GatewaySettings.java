package dev.warder.settings;

import dev.warder.config.ConfigException;
import dev.warder.config.ConfigReader;
import dev.warder.config.WarderConfig;
import dev.warder.prompt.PromptSettings;

/**
 * Everything that the operator set.
 *
 * @param core what no feature reads itself
 */
public record GatewaySettings(WarderConfig core, PromptSettings prompt) {
    /**
     * Reads all settings.
     *
     * @throws ConfigException with every problem of every feature
     */
    public static GatewaySettings read(ConfigReader reader) {
        return reader.read(settings -> new GatewaySettings(WarderConfig.read(settings), PromptSettings.read(settings)));
    }
}
