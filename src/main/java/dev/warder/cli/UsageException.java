package dev.warder.cli;

import java.util.List;

/** A command line that cannot be executed. Each problem is one line, and none contains the value of a setting. */
public final class UsageException extends Exception {
    private final transient List<String> problems;

    public UsageException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    public UsageException(String problem) {
        this(List.of(problem));
    }

    public List<String> problems() {
        return problems;
    }
}
