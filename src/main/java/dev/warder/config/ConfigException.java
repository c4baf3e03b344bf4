package dev.warder.config;

import java.util.List;

/** The configuration cannot be used; the message lists every problem. No problem repeats a value. */
public final class ConfigException extends RuntimeException {
    private final List<String> problems;

    /** At least one problem, each beginning with the name of a setting. */
    public ConfigException(List<String> problems) {
        super("the configuration cannot be used:\n - " + String.join("\n - ", problems));
        this.problems = List.copyOf(problems);
    }

    /** The problems, in the order in which they were found, each beginning with the name of a setting. */
    public List<String> problems() {
        return problems;
    }
}
