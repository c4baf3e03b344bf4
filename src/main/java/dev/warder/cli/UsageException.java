package dev.warder.cli;

import java.util.List;

/** The caller asked for something that cannot be; each problem is one line, and none repeats a setting's value. */
public final class UsageException extends Exception {
    private final transient List<String> problems;

    public UsageException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** With one problem. */
    public UsageException(String problem) {
        this(List.of(problem));
    }

    /** One line each, without a line end. */
    public List<String> problems() {
        return problems;
    }
}
