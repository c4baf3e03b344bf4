package dev.warder.quota;

import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** Where nodes share their rate limits. Its methods wait for the database. Thread-safe. */
public interface LimitStore {
    /** The most limits of one exchange. */
    int MOST = 50;

    /**
     * A node's wish for a bucket. Immutable.
     *
     * @param limit the text of its key
     * @param size how much the bucket has room for, which is filled in a minute
     * @param debt what was taken already, whether it is there or not
     * @param least what is taken in addition if as much is there, and otherwise nothing; 0 to take any part of {@code most}
     * @param most what is taken in addition if as much is there; at least {@code least}
     * @param back what is given back
     */
    record RefillRequest(String limit, long size, double debt, double least, double most, double back) {}

    /**
     * The change of a bucket.
     *
     * @param limit the text of its key
     * @param granted what the node has got, with its debt
     * @param left what is left in the bucket; may be negative
     */
    record Refill(String limit, double granted, double left) {}

    /**
     * The number of requests of a node that run at the same time, and of those that it wants to be able to begin.
     *
     * @param limit the text of its key
     * @param size how many are permitted on all nodes together
     * @param used how many run
     * @param wanted how many slots the node wants, at least {@code used}
     */
    record SlotRequest(String limit, long size, long used, long wanted) {}

    /**
     * The slots of a limit as they are noted.
     *
     * @param limit the text of its key
     * @param granted the slots of the node
     * @param elsewhere the slots of all other nodes together
     */
    record SlotState(String limit, long granted, long elsewhere) {}

    /** The results for some limits, one for each request, in the order of these. */
    record Exchanged(List<Refill> refills, List<SlotState> slots) {}

    /**
     * Fills buckets by the time that has passed, and takes out of them; notes the slots of a node.
     *
     * @param run identifies this start of the node
     * @param refills and {@code slots}: at most {@link #MOST} together, of different limits
     * @throws SQLException when the database fails; it may have been done
     */
    Exchanged exchange(UUID run, List<RefillRequest> refills, List<SlotRequest> slots) throws SQLException;

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
