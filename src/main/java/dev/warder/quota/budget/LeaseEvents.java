package dev.warder.quota.budget;

import dev.warder.ledger.lease.LiveNodes;

/** Events around looks at the database. */
interface LeaseEvents {
    /** Before the database is asked. Called by the keeper's thread only. */
    void before();

    /**
     * A beat has succeeded. Called by the keeper's thread only.
     *
     * @param asked the time before the database was asked for the live nodes, of the clock that never goes back
     * @param received the time after it
     */
    void beat(LiveNodes live, long asked, long received);

    /** After it was asked, or could not be asked. Called by the keeper's thread only. */
    void after();

    /** A budget that is new here can be used. Called by another thread. */
    void opened();
}
