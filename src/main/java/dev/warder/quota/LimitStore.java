package dev.warder.quota;

import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** Where nodes share their rate limits. Its methods wait for the database. Thread-safe. */
public interface LimitStore {
    int MOST = 50;

    /**
     * Fills buckets by the time that has passed, and takes out of them.
     *
     * @return for each request what was done
     * @throws SQLException when the database fails; it may have been done
     */
    List<Refill> refill(List<RefillRequest> requests) throws SQLException;

    /**
     * Notes the slots of a node.
     *
     * @param run identifies this start of the node
     * @return for each request what was noted
     * @throws SQLException when the database fails; it may have been noted
     */
    List<SlotState> slots(UUID run, List<SlotRequest> requests) throws SQLException;

    /**
     * Notes that a node lives. If it has done so at least each 15 s for 30 s, forgets those that have not for 30 s, with their
     * slots; by the database's clock.
     *
     * @return how many nodes live, this one included
     * @throws SQLException when the database fails
     */
    int beat(UUID run) throws SQLException;

    /**
     * Forgets a node that stops, with its slots.
     *
     * @throws SQLException when the database fails
     */
    void end(UUID run) throws SQLException;
}
