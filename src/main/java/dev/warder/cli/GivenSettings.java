package dev.warder.cli;

import dev.warder.config.InvalidValueException;
import dev.warder.config.NameHint;
import dev.warder.config.RetiredSetting;
import dev.warder.config.SettingNames;
import dev.warder.config.TextFile;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import picocli.CommandLine.Model.OptionSpec;

/** The settings of a command line and of the file that {@code --config} names: properties in UTF-8. */
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
                .ifPresent(file -> readFile(file, settings, problems, notes));
        given.forEach((name, option) -> {
            if (SettingNames.find(name).isPresent()) {
                if (!settings.getOrDefault(name, "").isBlank()) {
                    // In the wording of the configuration reader. It has only the name: a value may be secret.
                    notes.add(name + ": is set more than once; --" + name + " counts, not the --config file");
                }
                settings.put(name, option.getValue());
            }
            RetiredSetting.find(name).map(RetiredSetting::note).ifPresent(notes::add);
        });
        return settings;
    }

    private static void readFile(String path, Map<String, String> settings, List<String> problems, List<String> notes) {
        var properties = new Properties();
        try {
            properties.load(new StringReader(TextFile.read(path)));
        } catch (InvalidValueException unusable) {
            problems.add("--config: the file " + unusable.reason());
        } catch (IOException | IllegalArgumentException malformed) {
            problems.add("--config: the file holds a malformed \\u escape");
        }
        int before = problems.size();
        for (String name : new TreeSet<>(properties.stringPropertyNames())) {
            if (SettingNames.find(name).isPresent()) {
                settings.put(name, properties.getProperty(name));
            } else if (RetiredSetting.find(name).isPresent()) {
                notes.add(RetiredSetting.find(name).get().note());
            } else {
                problems.add(name + ": unknown name in the --config file"
                        + NameHint.nearest(name, SettingNames.all())
                                .map(near -> "; did you mean " + near + "?")
                                .orElse("; --help lists all"));
            }
        }
        if (problems.size() > before) {
            settings.clear();
        }
    }
}
