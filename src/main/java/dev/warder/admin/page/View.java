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
     * absent).
     *
     * @param query of the request; may be empty
     * @return empty when a value is not one of these
     */
    public static Optional<View> of(String query) {
        return Form.parse(query).flatMap(View::of);
    }

    private static Optional<View> of(Form form) {
        String word = form.value("range");
        String nodes = form.value("nodes");
        boolean known = nodes.isEmpty() || nodes.equals(ALL) || nodes.equals(THIS);
        return Range.named(word.isEmpty() ? Range.HOUR.word() : word)
                .filter(range -> known)
                .map(range -> new View(range, !nodes.equals(THIS)));
    }

    /** The query that asks for it: words that are safe in any attribute. */
    String query() {
        return "range=" + range.word() + "&nodes=" + (allNodes ? ALL : THIS);
    }

    View with(Range other) {
        return new View(other, allNodes);
    }

    View withAllNodes(boolean all) {
        return new View(range, all);
    }
}
