package dev.warder.budget.lease;

/**
 * A threshold of a period that was reported, as a reason of {@code warder_budget_adjustment}: {@code reached PERCENT CAP}. A cap
 * that was changed has its own. Immutable.
 *
 * @param percent the share, 1 to 100
 * @param cap the amount of the budget, in nano-dollars
 */
record ThresholdNote(int percent, long cap) {
    private static final String REACHED = "reached ";

    /** At most 32 characters. */
    String reason() {
        return REACHED + percent + end();
    }

    /** Whether a reason notes the same threshold, or a higher one of the same cap. */
    boolean isCoveredBy(String reason) {
        return reason.startsWith(REACHED)
                && reason.endsWith(end())
                && Integer.parseInt(reason, REACHED.length(), reason.length() - end().length(), 10) >= percent;
    }

    private String end() {
        return " " + cap;
    }
}
