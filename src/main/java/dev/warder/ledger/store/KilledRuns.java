package dev.warder.ledger.store;

import java.util.Map;
import java.util.UUID;

/**
 * All that killed runs of this node may have spent in addition to the rows that are stored: what their open requests held of
 * each period, in nano-dollars. Immutable.
 *
 * @param held by run; a run that had no open request is there too
 */
public record KilledRuns(Map<UUID, Map<PeriodKey, Long>> held) {
    public static final KilledRuns NONE = new KilledRuns(Map.of());

    public KilledRuns {
        held = Map.copyOf(held);
    }
}
