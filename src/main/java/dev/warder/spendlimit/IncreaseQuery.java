package dev.warder.spendlimit;

import java.util.EnumSet;
import java.util.Set;

/**
 * Which requests are listed, the newest first. Immutable.
 *
 * @param clients only those of these clients, at most 100; all if it is empty
 * @param part only those of clients whose name has this text, regardless of the case of letters; all if it is empty
 * @param statuses only those with one of these; all if it is empty
 * @param before only those with a lower number
 * @param most how many at most, from 1
 */
public record IncreaseQuery(
        Set<String> clients, String part, Set<IncreaseRequest.Status> statuses, long before, int most) {
    /** The most clients of a query. */
    public static final int MOST_CLIENTS = 100;

    /** Copies the sets. */
    public IncreaseQuery {
        clients = Set.copyOf(clients);
        statuses = statuses.isEmpty() ? Set.copyOf(EnumSet.allOf(IncreaseRequest.Status.class)) : Set.copyOf(statuses);
    }

    /** Those of some clients, or of all if {@code clients} is empty. */
    public static IncreaseQuery of(Set<String> clients, Set<IncreaseRequest.Status> statuses, long before, int most) {
        return new IncreaseQuery(clients, "", statuses, before, most);
    }

    /** Those of clients whose name has a text, regardless of the case of letters. */
    public static IncreaseQuery containing(String part, Set<IncreaseRequest.Status> statuses, long before, int most) {
        return new IncreaseQuery(Set.of(), part, statuses, before, most);
    }
}
