package dev.warder.admin.page;

import dev.warder.http.Form;
import java.util.Optional;

/**
 * A caller's choice of what to see. Immutable.
 *
 * @param range how far back
 * @param allNodes whether the other nodes with the same database are shown too
 */
public record View(Range range, boolean allNodes) {
    private static final String ALL = "all";
    private static final String THIS = "this";

    /**
     * Reads {@code range} (hour, day, week or month; hour if it is absent) and {@code nodes} (this or all; all if it is
     * absent). Empty when a value is not one of these.
     */
    public static Optional<View> of(Form query) {
        String word = query.value("range");
        String nodes = query.value("nodes");
        boolean known = nodes.isEmpty() || nodes.equals(ALL) || nodes.equals(THIS);
        return Range.named(word.isEmpty() ? Range.HOUR.word() : word)
                .filter(range -> known)
                .map(range -> new View(range, !nodes.equals(THIS)));
    }

    /** The query that asks for it: words that are safe in any attribute. */
    public String query() {
        return "range=" + range.word() + "&nodes=" + (allNodes ? ALL : THIS);
    }
}
