package dev.warder.reconciliation.store;

import java.time.Instant;

/**
 * A booking. Immutable.
 *
 * @param booking counted from 1 for each line
 * @param nanos what was added to the costs, in nano-dollars; negative where they were too high
 * @param reason in the administrator's words
 * @param by who booked it, in words
 */
public record Adjustment(LineId id, int booking, long nanos, String reason, String by, Instant at) {}
