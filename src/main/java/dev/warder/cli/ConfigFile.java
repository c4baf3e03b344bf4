package dev.warder.cli;

import dev.warder.config.InvalidValueException;
import dev.warder.config.NameHint;
import dev.warder.config.RetiredSetting;
import dev.warder.config.SettingNames;
import dev.warder.config.TextFile;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** The file named by {@code --config}: properties in UTF-8, whose keys are the public names of settings. */
final class ConfigFile {
    private ConfigFile() {}

    /** Reads the settings in the file; throws all problems at once. Notes name the settings that are gone. */
    static Map<String, String> read(String path, List<String> notes) throws UsageException {
        Map<String, String> settings = new TreeMap<>();
        Properties properties = load(path);
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        for (var retired : RetiredSetting.values()) {
            if (settings.remove(retired.publicName()) != null) {
                notes.add(retired.note());
            }
        }
        List<String> problems = new ArrayList<>();
        for (String name : settings.keySet()) {
            if (SettingNames.find(name).isEmpty()) {
                problems.add(name + ": unknown name in the --config file" + hint(name));
            }
        }
        if (!problems.isEmpty()) {
            throw new UsageException(problems);
        }
        return settings;
    }

    private static Properties load(String path) throws UsageException {
        var properties = new Properties();
        try {
            properties.load(new StringReader(TextFile.read(path)));
            return properties;
        } catch (InvalidValueException unusable) {
            throw new UsageException("--config: the file " + unusable.reason());
        } catch (IOException | IllegalArgumentException malformed) {
            throw new UsageException("--config: the file holds a malformed \\u escape");
        }
    }

    private static String hint(String name) {
        return NameHint.nearest(name, SettingNames.all())
                .map(near -> "; did you mean " + near + "?")
                .orElse("; --help lists all");
    }
}
