package dev.warder.state;

import java.util.Arrays;
import java.util.List;

/** A row of a table of phases and events, as tests write it. */
public record PhaseRow(List<String> phases, String event, String next, List<String> actions) {
    public PhaseRow {
        phases = List.copyOf(phases);
        actions = List.copyOf(actions);
    }

    /** Reads rows of phases, an event, the next phase and the actions, with a bar between them. */
    public static List<PhaseRow> parse(String table) {
        return table.lines().map(PhaseRow::row).toList();
    }

    private static PhaseRow row(String line) {
        var columns = line.split("\\|", -1);
        return new PhaseRow(words(columns[0]), columns[1].strip(), columns[2].strip(), words(columns[3]));
    }

    private static List<String> words(String column) {
        return column.isBlank() ? List.of() : Arrays.asList(column.strip().split(" +"));
    }
}
