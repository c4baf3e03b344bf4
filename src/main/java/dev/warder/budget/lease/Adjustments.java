package dev.warder.budget.lease;

import dev.warder.ledger.store.PeriodKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Charges to periods what was spent without a row of the ledger, such as the difference to the provider's own report. The same
 * amount is added to {@code warder_budget_adjustment}, so that the numbers of a period still agree.
 */
public final class Adjustments {
    private Adjustments() {}

    /**
     * Adds an amount to what was spent in each of these periods. A negative amount takes back overage first, and never more than
     * was spent. What was spent above a cap is overage.
     *
     * @param connection in a transaction that reads what is committed, that has locked no row of a budget and that the caller
     *     commits
     * @param reason at most 32 characters; amounts of one period with one reason are one row
     */
    public static void add(Connection connection, Set<PeriodKey> periods, String reason, long nanos)
            throws SQLException {
        if (nanos == 0 || periods.isEmpty()) {
            return;
        }
        var rows = PeriodTable.lock(connection, periods);
        var changed = new ArrayList<PeriodRow>();
        for (var key : rows.keySet()) {
            var before = Objects.requireNonNull(rows.get(key));
            var after = nanos > 0 ? before.spend(nanos) : before.takeBack(-nanos);
            ChargeTable.adjust(connection, key, reason, after.allSpent() - before.allSpent());
            changed.add(after);
        }
        PeriodTable.update(connection, List.copyOf(changed));
    }
}
