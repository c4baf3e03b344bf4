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
public record Content(List<Fact> facts, List<String> notes, Optional<Plot.Figure> plot, Table table, boolean folded) {
    /** A number and what it is. */
    public record Fact(String value, String label) {}

    static Content ofTable(Table table, Fact... facts) {
        return new Content(List.of(facts), List.of(), Optional.empty(), table, false);
    }

    static Content ofPlot(Plot.Figure plot, Table table, Fact... facts) {
        return new Content(List.of(facts), List.of(), Optional.of(plot), table, true);
    }
}
