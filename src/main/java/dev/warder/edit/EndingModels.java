package dev.warder.edit;

import dev.warder.config.ModelSuffix;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The models that the vendor has announced to end, each with its last day (the SDKs of November 2026). */
public final class EndingModels {
    private static final Map<String, String> LAST_DAYS = Map.of(
            "claude-mythos-preview", "2026-06-30",
            "claude-sonnet-4-5", "2026-11-30",
            "claude-opus-4-5", "2027-01-22");

    private EndingModels() {}

    public static void warn(Setting setting, Stream<String> models, SettingReader settings) {
        models.distinct().forEach(model -> Optional.ofNullable(LAST_DAYS.get(ModelSuffix.strip(model)))
                .ifPresent(day -> settings.warning(setting, model + " ends on " + day + "; choose a newer model")));
    }
}
