package dev.warder.edit;

import dev.warder.config.InvalidValueException;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.TextFile;
import dev.warder.config.ValueSyntax;
import java.util.function.Supplier;

/**
 * The settings of models that hold in every dialect. Thread-safe.
 *
 * @param aliases gives the same object until its file has changed, and never waits
 */
public record ModelSettings(Supplier<ModelAliases> aliases) {
    public static ModelSettings read(SettingReader settings) {
        var aliases = settings.find(Setting.MODELS_ALIASES, text -> aliases(text, settings))
                .orElse(() -> ModelAliases.NONE);
        EndingModels.warn(Setting.MODELS_ALIASES, aliases.get().models(), settings);
        return new ModelSettings(aliases);
    }

    private static Supplier<ModelAliases> aliases(String text, SettingReader settings) throws InvalidValueException {
        var path = ValueSyntax.filePath(text);
        if (path.isEmpty()) {
            var aliases = ModelAliases.parse(text);
            return () -> aliases;
        }
        return settings.watch(
                        Setting.MODELS_ALIASES,
                        path.get(),
                        content -> ModelAliases.parseFile(TextFile.decodeText(content)))::current;
    }
}
