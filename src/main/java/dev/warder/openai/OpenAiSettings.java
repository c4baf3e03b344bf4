package dev.warder.openai;

import dev.warder.config.InvalidValueException;
import dev.warder.config.ModelMap;
import dev.warder.config.Secret;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.TextFile;
import dev.warder.config.ValueSyntax;
import dev.warder.edit.ModelSettings;
import dev.warder.json.JsonTree;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How requests on OpenAI paths are served, settings {@code openai.*}. Thread-safe. The suppliers return the same object
 * until its file has changed, and never wait.
 *
 * @param enabled whether OpenAI paths are served; otherwise they return 404
 * @param models the model to request for each name, {@code openai.defaultModel} included
 * @param maxTokens {@code max_tokens} for a request without a limit, at least 1
 * @param reasoning whether thinking is shown as {@code reasoning_content}
 * @param reasoningKeys authenticate the content of reasoning items, the first for new ones; may be empty
 * @param capabilities the operator's rows, {@code {"data": [{"id": …}]}}; no rows where the setting is unset
 */
public record OpenAiSettings(
        boolean enabled,
        Supplier<ModelMap> models,
        int maxTokens,
        boolean reasoning,
        List<Secret> reasoningKeys,
        Supplier<JsonObject> capabilities) {
    private static final int SHORTEST_KEY = 16;

    public OpenAiSettings {
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens is out of range");
        }
        reasoningKeys = List.copyOf(reasoningKeys);
    }

    public static OpenAiSettings read(SettingReader settings) {
        boolean enabled = settings.read(Setting.OPENAI_ENABLED, true, ValueSyntax::flag);
        Optional<String> defaultModel = settings.find(Setting.OPENAI_DEFAULT_MODEL, ValueSyntax::visible);
        var models = settings.read(
                Setting.OPENAI_MODELS,
                always(ModelMap.of(defaultModel)),
                text -> ModelSettings.textOrFile(
                        Setting.OPENAI_MODELS,
                        text,
                        settings,
                        map -> ModelMap.parse(map, defaultModel),
                        file -> ModelMap.parseFile(file, defaultModel),
                        map -> ModelSettings.ending(map.models())));
        ModelSettings.ending(defaultModel.stream())
                .forEach(warning -> settings.warning(Setting.OPENAI_DEFAULT_MODEL, warning));
        return new OpenAiSettings(
                enabled,
                models,
                settings.read(Setting.OPENAI_MAX_TOKENS, 1, ValueSyntax::count),
                settings.read(Setting.OPENAI_REASONING, true, ValueSyntax::flag),
                settings.read(Setting.OPENAI_REASONING_KEY, List.of(), text -> keys(text, settings)),
                settings.read(
                        Setting.OPENAI_CAPABILITIES,
                        always(JsonValue.EMPTY_JSON_OBJECT),
                        text -> capabilities(text, settings)));
    }

    private static List<Secret> keys(String references, SettingReader settings) throws InvalidValueException {
        var keys = new ArrayList<Secret>();
        for (String reference : references.split(";")) {
            keys.add(settings.resolve(Setting.OPENAI_REASONING_KEY, reference.strip(), OpenAiSettings::checkKey));
        }
        return keys;
    }

    /** RFC 2104 discourages keys that are shorter than the hash; this is half of it, in characters. */
    private static void checkKey(String key) throws InvalidValueException {
        if (key.length() < SHORTEST_KEY) {
            throw new InvalidValueException("must have at least " + SHORTEST_KEY + " characters");
        }
    }

    private static Supplier<JsonObject> capabilities(String text, SettingReader settings) throws InvalidValueException {
        Path path = ValueSyntax.filePath(text).orElseThrow(() -> new InvalidValueException("must be file:PATH"));
        return settings.watch(Setting.OPENAI_CAPABILITIES, path, OpenAiSettings::parse)::current;
    }

    private static <T> Supplier<T> always(T value) {
        return () -> value;
    }

    private static JsonObject parse(byte[] content) throws InvalidValueException {
        JsonValue value =
                JsonTree.parse(TextFile.decodeText(content)).orElseThrow(() -> new InvalidValueException("is no JSON"));
        if (!(value instanceof JsonObject document && document.get("data") instanceof JsonArray rows)) {
            throw new InvalidValueException("is not {\"data\": [...]}");
        }
        for (int i = 0; i < rows.size(); i++) {
            if (!(rows.get(i) instanceof JsonObject row && namesModels(row))) {
                throw new InvalidValueException("row " + (i + 1) + " needs \"id\" or \"ids\" with the names of models");
            }
        }
        return document;
    }

    private static boolean namesModels(JsonObject row) {
        if (row.get("ids") instanceof JsonArray names) {
            return !names.isEmpty() && names.stream().allMatch(OpenAiSettings::isName);
        }
        return row.get("id") instanceof JsonString name && isName(name);
    }

    private static boolean isName(JsonValue value) {
        return value instanceof JsonString name && !name.getString().isBlank();
    }
}
