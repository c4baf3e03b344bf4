package dev.warder.standalone;

import java.util.List;

/** The caller asked for something that cannot be; each problem is one line, and none repeats a setting's value. */
final class UsageException extends Exception {
    private final transient List<String> problems;

    UsageException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    UsageException(String problem) {
        this(List.of(problem));
    }

    List<String> problems() {
        return problems;
    }
}
