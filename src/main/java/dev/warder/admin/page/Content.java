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
    record Fact(String value, String label) {
        static Html all(List<Fact> facts) {
            var html = new Html();
            facts.forEach(fact -> html.markup("<li><b>{}</b> {}</li>", fact.value, fact.label));
            return html;
        }
    }

    Content(List<Fact> facts, List<String> notes, Optional<Html> plot, Table table) {
        this(facts, notes, plot, table, true);
    }

    static Content ofTable(Table table, Fact... facts) {
        return new Content(List.of(facts), List.of(), Optional.empty(), table, false);
    }

    static Content ofPlot(Html plot, Table table, Fact... facts) {
        return new Content(List.of(facts), List.of(), Optional.of(plot), table);
    }
}
