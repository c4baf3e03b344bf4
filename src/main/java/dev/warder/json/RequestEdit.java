package dev.warder.json;

import dev.warder.body.Chunks;
import dev.warder.body.Splice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A change to a collected body, as splices of the original. Edits can be combined: each reads the original body, never the
 * result of another edit. Two edits must therefore not replace the same bytes, and only one may add a member to an object
 * without members. Implementations keep no state, so that a body can be sent again.
 */
@FunctionalInterface
public interface RequestEdit {
    List<Splice> splices(JsonOutline outline, Chunks body);

    /** Both changes. Where both insert at one position, this edit's text comes first. */
    default RequestEdit then(RequestEdit next) {
        return (outline, body) -> {
            List<Splice> both = new ArrayList<>(splices(outline, body));
            both.addAll(next.splices(outline, body));
            both.sort(Comparator.comparingLong(Splice::from).thenComparingLong(Splice::to));
            return List.copyOf(both);
        };
    }
}
