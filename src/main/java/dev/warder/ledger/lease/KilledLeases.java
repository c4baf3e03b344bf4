package dev.warder.ledger.lease;

import dev.warder.ledger.store.PeriodKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The leases of a run that was killed, when all its rows are stored and it is known what its open requests held: that stays
 * reserved as unknown, and the rest is given back. Stateless.
 */
public final class KilledLeases {
    private KilledLeases() {}

    /**
     * The periods with something that it has reserved.
     *
     * @throws SQLException when the database fails
     */
    public static List<PeriodKey> of(Connection connection, UUID run) throws SQLException {
        return LeaseTable.reservedBy(connection, run);
    }

    /**
     * Gives back what is not held. It may be repeated.
     *
     * @param connection in a transaction that reads what is committed, and that the caller commits; the rows of the periods
     *     stay locked until its end
     * @param keys the periods whose leases are changed
     * @param held what the open requests of the run held of each period; nothing of those that are not there
     * @return how many leases were changed
     * @throws SQLException when the database fails; the transaction must be rolled back
     */
    public static int giveBack(Connection connection, UUID run, List<PeriodKey> keys, Map<PeriodKey, Long> held)
            throws SQLException {
        var periods = PeriodTable.lock(connection, keys);
        var changed = new ArrayList<LeaseRow>();
        for (var lease : LeaseTable.of(connection, run, keys).values()) {
            var after = lease.reap(held.getOrDefault(lease.key(), 0L));
            periods.computeIfPresent(lease.key(), (key, period) -> period.replace(lease, after));
            if (!after.equals(lease)) {
                changed.add(after);
            }
        }
        PeriodTable.update(connection, periods.values());
        LeaseTable.update(connection, changed);
        return changed.size();
    }
}
