package dev.warder.cli;

import dev.warder.config.RetiredSetting;
import dev.warder.config.SettingNames;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Model.OptionSpec;

/** The settings of a command line and of the file that it names. */
final class GivenSettings {
    private GivenSettings() {}

    /**
     * The values that the operator wrote, by the public names of settings.
     *
     * @param given the options of the command line, by name without the dashes
     * @param problems receives those of the file
     * @param notes receives a remark for each setting that both have, and for each that is gone
     */
    static Map<String, String> read(Map<String, OptionSpec> given, List<String> problems, List<String> notes) {
        Map<String, String> settings = new TreeMap<>();
        Optional.ofNullable(given.get("config"))
                .map(OptionSpec::<String>getValue)
                .ifPresent(file -> {
                    try {
                        settings.putAll(ConfigFile.read(file, notes));
                    } catch (UsageException unusable) {
                        problems.addAll(unusable.problems());
                    }
                });
        given.forEach((name, option) -> {
            if (SettingNames.find(name).isPresent()) {
                if (!settings.getOrDefault(name, "").isBlank()) {
                    notes.add(rival(name));
                }
                settings.put(name, option.getValue());
            }
            RetiredSetting.find(name).map(RetiredSetting::note).ifPresent(notes::add);
        });
        return settings;
    }

    /** The remark, in the wording of the configuration reader. It has only the name: a value may be secret. */
    private static String rival(String name) {
        return name + ": is set more than once; --" + name + " counts, not the --config file";
    }
}
