package dev.warder.ledger;

import dev.warder.ledger.LedgerReport.Share;
import dev.warder.ledger.LedgerReport.UsageSlot;
import java.time.Instant;
import java.util.List;

/**
 * What a store has of a period.
 *
 * @param counts the counts of requests that were written, none where counts are in memory only
 * @param usage the slots with rows, in ascending order
 * @param clients at most 10, those with the highest cost first; models and sessions are the same
 */
record StoredSums(
        List<WrittenCounts> counts,
        List<UsageSlot> usage,
        List<Share> clients,
        List<Share> models,
        List<Share> sessions) {
    /** The most of a list. */
    static final int MOST_SHARES = 10;

    /**
     * A row of {@code warder_rollup}.
     *
     * @param own whether this run of this node wrote it
     */
    record WrittenCounts(Instant starts, boolean own, Rollup.Counts counts) {}
}
