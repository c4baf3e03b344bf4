package dev.warder.testkit;

import java.util.stream.Collectors;

/**
 * One block of an event stream up to its empty line: an event, or only comments.
 *
 * @param raw as it stood in the body, its empty line included
 */
public record RawEvent(String raw) {
    /** The event's name, {@code message} when it has none. */
    public String name() {
        var name = joined("event:");
        return name.isEmpty() ? "message" : name;
    }

    /** The data, its lines joined by a line break. */
    public String data() {
        return joined("data:");
    }

    /** Whether the block holds nothing but comments. */
    public boolean comment() {
        return raw.lines().allMatch(line -> line.isEmpty() || line.startsWith(":"));
    }

    private String joined(String start) {
        return raw.lines()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()).stripLeading())
                .collect(Collectors.joining("\n"));
    }
}
