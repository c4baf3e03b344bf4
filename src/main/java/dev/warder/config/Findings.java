package dev.warder.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The problems, warnings and notes of one reading, each beginning with the name of a setting. One thread at a time. */
final class Findings {
    private final Set<String> problems = new LinkedHashSet<>();
    private final Set<String> warnings = new LinkedHashSet<>();
    private final Set<String> notes = new LinkedHashSet<>();

    void problem(Setting setting, String reason) {
        problems.add(setting.publicName() + ": " + reason);
    }

    void unknown(String name, String origin) {
        String hint = NameHint.nearest(name)
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
        problems.add(name + ": unknown name (" + origin + ")" + hint);
    }

    void warning(Setting setting, String text) {
        warnings.add(setting.publicName() + ": " + text);
    }

    void retired(RetiredSetting setting) {
        warnings.add(setting.note());
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    void note(Setting setting, String text) {
        notes.add(setting.publicName() + ": " + text);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    void throwProblems() {
        if (!problems.isEmpty()) {
            throw new ConfigException(List.copyOf(problems));
        }
    }
}
