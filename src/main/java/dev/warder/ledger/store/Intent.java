package dev.warder.ledger.store;

import dev.warder.usage.UsageRow;
import dev.warder.usage.UsageRow.UsageCost;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * A request that is about to be sent. Immutable.
 *
 * @param id a UUIDv7, which becomes the id of the first try, or of the row if the outcome never becomes known
 * @param model the name of the model in the request, if it is known
 * @param held what the request holds of budgets; empty where that is not known, or if none limits it
 */
public record Intent(
        UUID id, Instant admitted, UsageRow.Caller caller, Optional<String> model, Optional<HeldAmount> held)
        implements Journal.Entry {
    private static final String UNKNOWN = "unknown";

    /**
     * An intent, and the rows that it became.
     *
     * @param intent empty if none was noted
     * @param rows empty if the request was not sent
     * @param charged what the rows are charged to; empty if to nothing
     */
    public record Settled(Optional<UUID> intent, List<LedgerRow> rows, Optional<Charged> charged)
            implements Journal.Entry {
        public Settled {
            rows = List.copyOf(rows);
        }

        /**
         * The rows of a request that has ended. The first try gets the id of the intent: a row that became unknown has the same
         * key, so that only one of them can be stored.
         */
        public static Settled of(Optional<UUID> intent, List<UsageRow> rows, Optional<Charged> charged) {
            var stored = new ArrayList<LedgerRow>(rows.size());
            for (var row : rows) {
                var id = row.key().tryId();
                boolean isFirst = id.equals(rows.get(0).key().tryId());
                stored.add(LedgerRow.of(row, isFirst ? intent.orElse(id) : id));
            }
            return new Settled(intent, stored, rows.isEmpty() ? Optional.empty() : charged);
        }

        @Override
        public boolean isOfBudgets() {
            return charged.isPresent();
        }

        public Settled withoutIntent() {
            return new Settled(Optional.empty(), rows, charged);
        }
    }

    @Override
    public boolean isOfBudgets() {
        return held.isPresent();
    }

    public Intent holding(long nanos) {
        return new Intent(id, admitted, caller, model, held.map(before -> new HeldAmount(before.charged(), nanos)));
    }

    /** The row of a request whose outcome is not known, because the node was killed. */
    public Settled unknown(Instant now) {
        var upstream =
                new UsageRow.Upstream(UNKNOWN, UNKNOWN, Optional.empty(), OptionalInt.empty(), UsageRow.End.UNKNOWN);
        var cost = new UsageCost(UNKNOWN, BigDecimal.ZERO, 0, false, true, UsageRow.Basis.UNKNOWN);
        var row = new UsageRow(
                new UsageRow.Key(id, 0),
                admitted,
                now,
                caller,
                new UsageRow.Models(model, Optional.empty(), Optional.empty()),
                upstream,
                UsageRow.Consumption.NONE,
                cost,
                new UsageRow.Times(Optional.empty(), Duration.ZERO));
        return Settled.of(Optional.of(id), List.of(row), Optional.empty());
    }
}
