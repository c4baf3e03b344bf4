package dev.warder.cli;

import dev.warder.config.NameHint;
import dev.warder.config.SettingNames;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** The file named by {@code --config}: properties in UTF-8, whose keys are the public names of settings. */
final class ConfigFile {
    private ConfigFile() {}

    /** Reads the settings in the file; throws all problems at once. */
    static Map<String, String> read(String path) throws UsageException {
        Map<String, String> settings = new TreeMap<>();
        Properties properties = load(path);
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
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
        try (Reader reader = Files.newBufferedReader(Path.of(path))) {
            properties.load(reader);
            return properties;
        } catch (CharacterCodingException notUtf8) {
            throw new UsageException("--config: the file is not UTF-8");
        } catch (IOException | InvalidPathException unreadable) {
            throw new UsageException("--config: the file does not exist or cannot be read");
        } catch (IllegalArgumentException malformed) {
            throw new UsageException("--config: the file holds a malformed \\u escape");
        }
    }

    private static String hint(String name) {
        return NameHint.nearest(name, SettingNames.all())
                .map(near -> "; did you mean " + near + "?")
                .orElse("; --help lists all");
    }
}
