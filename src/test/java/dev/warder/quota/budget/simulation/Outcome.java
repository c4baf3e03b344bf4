package dev.warder.quota.budget.simulation;

import java.util.OptionalDouble;

/**
 * How a run went. Immutable.
 *
 * @param recorded what the rule recorded as spent, as a part of the budget
 * @param billed what the upstream billed, as a part of the budget
 * @param answered how many responses were complete
 * @param refusals how many requests were refused before nine tenths were recorded
 * @param secondsToMost when nine tenths were recorded; empty if they never were
 * @param cut how many responses were cut
 */
record Outcome(double recorded, double billed, int answered, int refusals, OptionalDouble secondsToMost, int cut) {
    /** By how much the budget was exceeded, as a part of it. */
    double overshoot() {
        return Math.max(0, Math.max(recorded, billed) - 1);
    }
}
