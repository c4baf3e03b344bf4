package dev.warder.edit;

import dev.warder.config.InvalidValueException;
import dev.warder.config.ModelSuffix;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.TextFile;
import dev.warder.config.ValueSyntax;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The settings of models that hold in every dialect. Thread-safe.
 *
 * @param aliases gives the same object until its file has changed, and never waits
 */
public record ModelSettings(Supplier<ModelAliases> aliases) {
    /** The models that the vendor has announced to end, each with its last day (the SDKs of November 2026). */
    private static final Map<String, String> LAST_DAYS = Map.of(
            "claude-mythos-preview", "2026-06-30",
            "claude-sonnet-4-5", "2026-11-30",
            "claude-opus-4-5", "2027-01-22");

    public static ModelSettings read(SettingReader settings) {
        var aliases = settings.find(
                        Setting.MODELS_ALIASES,
                        text -> textOrFile(
                                Setting.MODELS_ALIASES, text, settings, ModelAliases::parse, ModelAliases::parseFile))
                .orElse(() -> ModelAliases.NONE);
        warnOfEnding(Setting.MODELS_ALIASES, aliases.get().map().models(), settings);
        warnOfHidden(aliases.get().shown().keySet(), settings);
        return new ModelSettings(aliases);
    }

    /**
     * Reads a setting that is the value itself, or names the file that has it.
     *
     * @return gives the same object until its file has changed, and never waits
     */
    public static <T> Supplier<T> textOrFile(
            Setting setting,
            String text,
            SettingReader settings,
            ValueSyntax.Parser<T> ofText,
            ValueSyntax.Parser<T> ofFile)
            throws InvalidValueException {
        var path = ValueSyntax.filePath(text);
        if (path.isEmpty()) {
            T value = ofText.parse(text);
            return () -> value;
        }
        return settings.watch(setting, path.get(), content -> ofFile.parse(TextFile.decodeText(content)))::current;
    }

    /** The picker of Claude Code keeps names of the vendor's only (its documents of gateways). */
    private static void warnOfHidden(Set<String> names, SettingReader settings) {
        names.stream()
                .filter(name -> !name.contains("claude") && !name.contains("anthropic"))
                .sorted()
                .forEach(name -> settings.warning(
                        Setting.MODELS_ALIASES,
                        "Claude Code hides " + name + " in its picker: a name there contains claude or anthropic"));
    }

    public static void warnOfEnding(Setting setting, Stream<String> models, SettingReader settings) {
        models.distinct().forEach(model -> Optional.ofNullable(LAST_DAYS.get(ModelSuffix.strip(model)))
                .ifPresent(day -> settings.warning(setting, model + " ends on " + day + "; choose a newer model")));
    }
}
