package dev.warder.ledger.lease;

import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The rows of {@code warder_ledger} that count as spent when a period gets its row: a budget that is new, in the middle of
 * its period, does not begin with nothing spent. Immutable.
 *
 * @param clients the names of the clients whose rows count; empty for all rows
 * @param models whether the rows of a model count, by the name that was sent to the upstream; the name is empty where
 * none is
 *     known
 */
public record Opening(Optional<Set<String>> clients, Predicate<String> models) {
    /** No row counts, as for a budget of one session, which begins with the session. */
    public static final Opening NONE = new Opening(Optional.of(Set.of()), model -> false);

    public static final Opening ALL = new Opening(Optional.empty(), model -> true);

    public Opening {
        clients = clients.map(Set::copyOf);
    }

    public static Opening ofClients(Set<String> clients) {
        return new Opening(Optional.of(clients), model -> true);
    }

    public static Opening ofModels(Predicate<String> models) {
        return new Opening(Optional.empty(), models);
    }

    boolean isNone() {
        return clients.isPresent() && clients.get().isEmpty();
    }

    boolean counts(String client, String model) {
        return (clients.isEmpty() || clients.get().contains(client)) && models.test(model);
    }
}
