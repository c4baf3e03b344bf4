package dev.warder.ledger.store;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Reservations of nodes in shared budgets. A run is one start of the application on a node, with a random id. All amounts
 * are nano-dollars. Calls wait for a database. Thread-safe.
 */
public interface LeaseStore {
    /**
     * Reports what a run needs of some periods, takes it or gives back what it does not need, and reads their state. It may
     * be repeated: the amounts are absolute.
     *
     * <p>A run that wants less than it was granted must not use the rest from the moment of this call, even if the call
     * fails: the
     * response to a COMMIT may be lost. What a run has spent since its start stays part of its amounts until it ends.
     *
     * @param requests at most one for each period
     * @return a state for each request, in the same order
     * @throws FencedException when the leases of the run were taken from it; nothing was changed
     * @throws SQLException when the database fails; it may have reserved that
     */
    List<LeaseState> reserve(UUID run, List<LeaseRequest> requests) throws SQLException, FencedException;

    /**
     * Notes that a run lives.
     *
     * @param node the name of its node, at most 64 characters
     */
    void beat(UUID run, String node) throws SQLException;

    /**
     * The number of beats of each run that has not ended; 0 for a run with live leases that has had no beat. A run whose
     * number stays the same no longer lives.
     */
    Map<UUID, Long> beats() throws SQLException;

    LiveNodes liveNodes() throws SQLException;

    /**
     * Takes all live leases from a run that no longer lives. What it had reserved and not spent counts as unknown from now
     * on, until rows of the run are stored.
     *
     * @return how many leases it had
     */
    int reap(UUID run) throws SQLException;

    List<UUID> runsOf(String node) throws SQLException;

    /**
     * Gives back all that a run has reserved and not spent, since it ends. Rows that are stored later are still charged.
     * Does nothing for leases that were taken from it.
     */
    void end(UUID run) throws SQLException;

    /**
     * Notes that a share of a budget is used, and decides which node reports it. True for one caller of all nodes, in each
     * period and for each amount of the budget, and only if no higher share was noted before. If the call fails, it may
     * have been noted.
     *
     * @param percent the share, 1 to 100
     * @param cap the amount of the budget
     */
    boolean note(PeriodKey key, int percent, long cap) throws SQLException;
}
