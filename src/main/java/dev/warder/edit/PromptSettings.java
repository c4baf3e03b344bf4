package dev.warder.edit;

import dev.warder.config.InvalidValueException;
import dev.warder.config.LiveText;
import dev.warder.config.ModelPattern;
import dev.warder.config.ModelSuffix;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The operator's system text. Thread-safe.
 *
 * @param text if unset, nothing is ever inserted
 * @param countTokens whether the text is inserted for {@code count_tokens} too
 * @param skipModels the models whose requests are left unchanged
 */
public record PromptSettings(Optional<LiveText> text, Mode mode, boolean countTokens, List<ModelPattern> skipModels) {
    /** The credentials with which the text is inserted. */
    public enum Mode {
        ALWAYS,
        MANAGED,
        /** Never. */
        OFF
    }

    public PromptSettings {
        skipModels = List.copyOf(skipModels);
    }

    public static PromptSettings read(SettingReader settings) {
        return new PromptSettings(
                settings.find(Setting.PROMPT_TEXT, text -> liveText(text, settings)),
                settings.read(
                        Setting.PROMPT_MODE,
                        Mode.ALWAYS,
                        ValueSyntax.oneOf(List.of(Mode.ALWAYS, Mode.MANAGED, Mode.OFF))),
                settings.read(Setting.PROMPT_COUNT_TOKENS, false, ValueSyntax::flag),
                settings.find(Setting.PROMPT_SKIP_MODELS, ValueSyntax::modelPatterns)
                        .orElse(List.of()));
    }

    public boolean skips(String model) {
        String plain = model.substring(0, ModelSuffix.bracket(model));
        return skipModels.stream().anyMatch(pattern -> pattern.matches(plain) || pattern.matches(model));
    }

    private static LiveText liveText(String text, SettingReader settings) throws InvalidValueException {
        Optional<Path> path = ValueSyntax.filePath(text);
        return path.isEmpty()
                ? LiveText.of(text)
                : LiveText.of(settings.watch(Setting.PROMPT_TEXT, path.get(), LiveText::decode));
    }
}
