package dev.warder.admin.page;

import java.util.List;
import java.util.Optional;

/**
 * The content of a panel. Immutable.
 *
 * @param facts the numbers at its top
 * @param notes sentences below them
 * @param plot what is above the table
 * @param table all values
 * @param folded whether the table is shown on demand, because the rest shows the same
 */
record Content(List<Fact> facts, List<String> notes, Optional<Html> plot, Table table, boolean folded) {
    /** A number and what it is. */
    record Fact(String value, String label) {}

    Content {
        facts = List.copyOf(facts);
        notes = List.copyOf(notes);
    }

    static Content ofTable(Table table, List<Fact> facts) {
        return new Content(facts, List.of(), Optional.empty(), table, false);
    }

    static Content ofFacts(Table table, List<Fact> facts, List<String> notes) {
        return new Content(facts, notes, Optional.empty(), table, true);
    }

    static Content ofPlot(Html plot, Table table, List<Fact> facts) {
        return new Content(facts, List.of(), Optional.of(plot), table, true);
    }
}
