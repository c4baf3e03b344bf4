package dev.warder.quota;

import java.sql.SQLException;
import java.util.List;

/** The bounds that nodes have learned. Calls wait for a database. Thread-safe. */
public interface BoundStore {
    int MOST = 10_000;

    int MOST_OF_CLIENT = 100;

    /**
     * The bounds that were kept last, at most {@link #MOST}; the oldest first. Rows with values that are out of range are left out.
     *
     * @throws SQLException when the database fails
     */
    List<KeptBound> read() throws SQLException;

    /**
     * Keeps bounds, each combined with what is kept of the same key: the larger one counts. Those that a client has in excess of
     * {@link #MOST_OF_CLIENT} are not kept. It may be repeated.
     *
     * @param bounds with different keys, which are {@linkplain BoundKey#isStorable storable}
     * @throws SQLException when the database fails; some of them may have been kept
     */
    void keep(List<KeptBound> bounds) throws SQLException;

    /**
     * Removes bounds that were not kept again for 90 days.
     *
     * @throws SQLException when the database fails
     */
    void removeOld() throws SQLException;
}
