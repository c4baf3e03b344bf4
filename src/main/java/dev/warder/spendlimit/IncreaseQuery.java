package dev.warder.spendlimit;

import java.util.EnumSet;
import java.util.Set;

/**
 * Which requests are listed, the newest first. Immutable.
 *
 * @param clients only those of these clients, at most 100; all if it is empty
 * @param statuses only those with one of these; all if it is empty
 * @param before only those with a lower number
 * @param most how many at most, from 1
 */
public record IncreaseQuery(Set<String> clients, Set<IncreaseRequest.Status> statuses, long before, int most) {
    /** The most clients of a query. */
    public static final int MOST_CLIENTS = 100;

    /** Copies the sets. */
    public IncreaseQuery {
        clients = Set.copyOf(clients);
        statuses = statuses.isEmpty() ? Set.copyOf(EnumSet.allOf(IncreaseRequest.Status.class)) : Set.copyOf(statuses);
    }
}
