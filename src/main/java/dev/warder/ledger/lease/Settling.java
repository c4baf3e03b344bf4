package dev.warder.ledger.lease;

import dev.warder.ledger.store.PeriodKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Charges rows of the ledger to periods, in the transaction that stores the rows, and gives back what killed runs had reserved. */
public final class Settling {
    private Settling() {}

    /** The periods with something that a run has reserved. */
    public static List<PeriodKey> reservedBy(Handle handle, UUID run) throws SQLException {
        return LeaseTable.keys(handle, LeaseTable.RESERVED_OF_RUN, run);
    }

    /**
     * Gives back what a run that was killed had reserved and does not hold, when all its rows are stored and it is known what
     * its open requests held: that stays reserved as unknown. It may be repeated.
     *
     * @param handle in a transaction that reads what is committed, and that the caller commits; the rows of the periods
     *     stay locked until its end
     * @param keys the periods whose leases are changed
     * @param held what the open requests of the run held of each period; nothing of those that are not there
     * @return how many leases were changed
     * @throws SQLException when the database fails; the transaction must be rolled back
     */
    public static int giveBack(Handle handle, UUID run, List<PeriodKey> keys, Map<PeriodKey, Long> held)
            throws SQLException {
        return LeaseTable.change(handle, run, keys, lease -> lease.reap(held.getOrDefault(lease.key(), 0L)));
    }

    /**
     * Charges rows that are stored in this transaction, and were not stored before. Their cost is taken from what the run of
     * each has reserved; what exceeds that counts as spent within the cap as far as there is room, and otherwise as overage.
     * Periods that have no row get one.
     *
     * @param handle in a transaction that reads what is committed; the rows of the periods stay locked until its end
     * @throws SQLException when the database fails; the transaction must be rolled back
     */
    public static void settle(Handle handle, List<Charge> charges) throws SQLException {
        if (charges.isEmpty()) {
            return;
        }
        var sums = new TreeMap<PeriodKey, Map<UUID, Long>>();
        for (var each : charges) {
            sums.computeIfAbsent(each.period(), none -> new HashMap<>())
                    .merge(each.run(), each.nanos(), Math::addExact);
        }
        var periods = PeriodTable.lock(handle, sums.keySet());
        var leases = new HashMap<UUID, Map<PeriodKey, LeaseRow>>();
        for (var charge : charges) {
            if (!leases.containsKey(charge.run())) {
                leases.put(charge.run(), LeaseTable.of(handle, charge.run(), sums.keySet()));
            }
        }
        var drawn = new ArrayList<LeaseRow>();
        for (var sum : sums.entrySet()) {
            for (var run : sum.getValue().entrySet()) {
                var lease = leases.getOrDefault(run.getKey(), Map.of()).get(sum.getKey());
                periods.compute(sum.getKey(), (key, period) -> spend(period, lease, run.getValue()));
                if (lease != null) {
                    drawn.add(lease.draw(run.getValue()));
                }
            }
        }
        PeriodTable.update(handle, periods.values());
        LeaseTable.update(handle, drawn);
        PeriodTable.insertCharges(handle, charges);
    }

    private static PeriodRow spend(PeriodRow period, @Nullable LeaseRow lease, long nanos) {
        if (lease == null) {
            return period.spend(nanos);
        }
        long covered = lease.covers(nanos);
        var reserved = lease.live() ? period.spendLeased(covered) : period.spendUnknown(covered);
        return reserved.spend(nanos - covered);
    }
}
