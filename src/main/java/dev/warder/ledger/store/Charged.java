package dev.warder.ledger.store;

import java.util.List;
import java.util.UUID;

/**
 * The budgets that a request's rows are charged to. Immutable.
 *
 * @param run the run of the node that admitted the request, and reserved money for it
 * @param periods each once: the windows that contain the moment of admission
 */
public record Charged(UUID run, List<PeriodKey> periods) {
    public Charged {
        periods = List.copyOf(periods);
    }
}
