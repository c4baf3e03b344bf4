package dev.warder.edit;

import dev.warder.config.ModelPattern;
import dev.warder.config.ModelSuffix;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The operator's system text. Thread-safe.
 *
 * @param prompt gives the same object until its file has changed, and never waits; if unset, nothing is ever inserted
 * @param countTokens whether the text is inserted for {@code count_tokens} too
 * @param skipModels the models whose requests are left unchanged
 */
public record PromptSettings(
        Optional<Supplier<SystemPrompt>> prompt, Mode mode, boolean countTokens, List<ModelPattern> skipModels) {
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
                settings.find(
                        Setting.PROMPT_TEXT,
                        text -> ModelSettings.textOrFile(
                                Setting.PROMPT_TEXT,
                                text,
                                settings,
                                SystemPrompt::new,
                                SystemPrompt::new,
                                none -> Stream.empty())),
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
        for (var pattern : skipModels) {
            if (pattern.matches(plain) || pattern.matches(model)) {
                return true;
            }
        }
        return false;
    }
}
