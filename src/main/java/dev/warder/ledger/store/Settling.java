package dev.warder.ledger.store;

import dev.warder.database.RepeatableTransactions;
import dev.warder.database.Statements;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Charges rows of the ledger to periods, in the transaction that stores the rows, and gives back what killed runs had reserved. */
public final class Settling {
    private static final String CHARGE =
            """
            INSERT INTO warder_charge (try_id, part, budget, starts_at, nanos, run)
            VALUES (:tryId, :part, :period.budget, :period.start, :nanos, :run)
            """;

    private Settling() {}

    /**
     * Gives back what a run that was killed had reserved and does not hold, when all its rows are stored and it is known what
     * its open requests held: that stays reserved as unknown. It may be repeated.
     *
     * @param held what the open requests of the run held of each period; nothing of those that are not there
     * @return how many leases were changed
     * @throws SQLException when the database fails; part of it may be given back
     */
    public static int giveBack(RepeatableTransactions transactions, UUID run, Map<PeriodKey, Long> held)
            throws SQLException {
        return LockedPeriods.changeAll(
                transactions, run, LockedPeriods.RESERVED, lease -> lease.reap(held.getOrDefault(lease.key(), 0L)));
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
        var periods =
                LockedPeriods.lock(handle, charges.stream().map(Charge::period).toList());
        charges.forEach(charge -> charge(periods, charge));
        periods.write();
        insert(handle, charges);
    }

    static void insert(Handle handle, List<Charge> charges) {
        Statements.batch(handle, CHARGE, charges);
    }

    private static void charge(LockedPeriods periods, Charge charge) {
        long reserved = 0;
        var lease = periods.leases(charge.run()).get(charge.period());
        if (lease != null) {
            var after = lease.draw(charge.nanos());
            periods.replace(lease, after);
            reserved = lease.reserved() - after.reserved();
        }
        periods.put(periods.period(charge.period()).spend(charge.nanos(), reserved));
    }

    /**
     * The cost of a row of the ledger, for one period of one budget. Immutable.
     *
     * @param tryId with {@code part} the key of the row
     * @param run the run that admitted the request, and has the lease
     * @param nanos at least 1
     */
    public record Charge(UUID tryId, int part, UUID run, PeriodKey period, long nanos) {
        public Charge {
            if (nanos < 1) {
                throw new IllegalArgumentException("a charge is at least one nano-dollar");
            }
        }
    }
}
