package dev.warder.edit;

import dev.warder.config.InvalidValueException;
import dev.warder.config.ModelSuffix;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.TextFile;
import dev.warder.config.ValueSyntax;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of models that hold in every dialect. Thread-safe.
 *
 * @param aliases gives the same object until its file has changed, and never waits
 */
public record ModelSettings(Supplier<ModelAliases> aliases) {
    private static final Logger LOG = LoggerFactory.getLogger(ModelSettings.class);

    /** The models that the vendor has announced to end, each with its last day (the SDKs of November 2026). */
    private static final Map<String, String> LAST_DAYS = Map.of(
            "claude-mythos-preview", "2026-06-30",
            "claude-sonnet-4-5", "2026-11-30",
            "claude-opus-4-5", "2027-01-22");

    public static ModelSettings read(SettingReader settings) {
        return new ModelSettings(settings.find(
                        Setting.MODELS_ALIASES,
                        text -> textOrFile(
                                Setting.MODELS_ALIASES,
                                text,
                                settings,
                                ModelAliases::parse,
                                ModelAliases::parseFile,
                                ModelSettings::warnings))
                .orElse(() -> ModelAliases.NONE));
    }

    /**
     * Reads a setting that is the value itself, or names the file that has it.
     *
     * @param warnings of a value, for the log at the start and after each change of the file
     * @return gives the same object until its file has changed, and never waits
     */
    public static <T> Supplier<T> textOrFile(
            Setting setting,
            String text,
            SettingReader settings,
            ValueSyntax.Parser<T> ofText,
            ValueSyntax.Parser<T> ofFile,
            Function<T, Stream<String>> warnings)
            throws InvalidValueException {
        var path = ValueSyntax.filePath(text);
        Supplier<T> current;
        if (path.isEmpty()) {
            T value = ofText.parse(text);
            current = () -> value;
        } else {
            var file = settings.watch(setting, path.get(), content -> ofFile.parse(TextFile.decodeText(content)));
            file.onChange(value ->
                    warnings.apply(value).forEach(warning -> LOG.warn("{}: {}", setting.publicName(), warning)));
            current = file::current;
        }
        warnings.apply(current.get()).forEach(warning -> settings.warning(setting, warning));
        return current;
    }

    /** The picker of Claude Code keeps names of the vendor's only (its documents of gateways). */
    private static Stream<String> warnings(ModelAliases aliases) {
        var hidden = aliases.shown().keySet().stream()
                .filter(name -> !name.contains("claude") && !name.contains("anthropic"))
                .sorted()
                .map(name -> "Claude Code hides " + name + " in its picker: a name there contains claude or anthropic");
        return Stream.concat(ending(aliases.map().models()), hidden);
    }

    /** A warning for each model that the vendor has announced to end. */
    public static Stream<String> ending(Stream<String> models) {
        return models.distinct()
                .filter(model -> LAST_DAYS.containsKey(ModelSuffix.strip(model)))
                .map(model -> model + " ends on " + LAST_DAYS.get(ModelSuffix.strip(model)) + "; choose a newer model");
    }
}
