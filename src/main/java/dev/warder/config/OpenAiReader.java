package dev.warder.config;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads {@code openai.*}. */
final class OpenAiReader {
    private final SettingReader settings;

    OpenAiReader(SettingReader settings) {
        this.settings = settings;
    }

    OpenAi read() {
        boolean enabled = settings.read(Setting.OPENAI_ENABLED, true, ValueSyntax::flag);
        Optional<String> defaultModel = settings.find(Setting.OPENAI_DEFAULT_MODEL, ValueSyntax::visible);
        return new OpenAi(
                enabled,
                settings.read(
                        Setting.OPENAI_MODELS, always(ModelMap.of(defaultModel)), text -> models(text, defaultModel)),
                settings.read(Setting.OPENAI_MAX_TOKENS, 1, ValueSyntax::count),
                settings.read(Setting.OPENAI_REASONING, true, ValueSyntax::flag),
                settings.read(Setting.OPENAI_CAPABILITIES, always(JsonValue.EMPTY_JSON_OBJECT), this::capabilities));
    }

    private Supplier<ModelMap> models(String text, Optional<String> defaultModel) throws InvalidValueException {
        Optional<Path> path = ValueSyntax.filePath(text);
        return path.isEmpty()
                ? always(ModelMap.parse(text, defaultModel))
                : watched(
                        Setting.OPENAI_MODELS,
                        path.get(),
                        content -> ModelMap.parseFile(LiveText.decode(content), defaultModel));
    }

    private Supplier<JsonObject> capabilities(String text) throws InvalidValueException {
        Path path = ValueSyntax.filePath(text).orElseThrow(() -> new InvalidValueException("must be file:PATH"));
        return watched(Setting.OPENAI_CAPABILITIES, path, CapabilityRows::parse);
    }

    private <T> Supplier<T> watched(Setting setting, Path path, WatchedFile.Parser<T> parser)
            throws InvalidValueException {
        return settings.watch(setting, path, parser)::current;
    }

    private static <T> Supplier<T> always(T value) {
        return () -> value;
    }
}
