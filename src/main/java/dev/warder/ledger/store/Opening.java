package dev.warder.ledger.store;

import java.util.Set;
import java.util.function.Predicate;

/**
 * The rows of {@code warder_ledger} that count as spent when a period gets its row: a budget that is new, in the middle of
 * its period, does not begin with nothing spent. Immutable.
 */
@FunctionalInterface
public interface Opening {
    /** No row counts, as for a budget of one session, which begins with the session. */
    Opening NONE = (client, model) -> false;

    Opening ALL = (client, model) -> true;

    /** @param model the name that was sent to the upstream; empty where none is known */
    boolean counts(String client, String model);

    static Opening ofClients(Set<String> clients) {
        return clients.isEmpty() ? NONE : (client, model) -> clients.contains(client);
    }

    static Opening ofModels(Predicate<String> models) {
        return (client, model) -> models.test(model);
    }
}
