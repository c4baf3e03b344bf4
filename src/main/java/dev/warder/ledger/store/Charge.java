package dev.warder.ledger.store;

import java.util.UUID;

/**
 * The cost of a row of the ledger, for one period of one budget. Immutable.
 *
 * @param tryId with {@code part} the key of the row
 * @param run the run that admitted the request, and has the lease
 * @param nanos at least 1
 */
public record Charge(UUID tryId, int part, UUID run, PeriodKey period, long nanos) {
    public Charge {
        if (nanos < 1) {
            throw new IllegalArgumentException("a charge is at least one nano-dollar");
        }
    }
}
