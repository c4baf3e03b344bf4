package dev.warder.ledger.store;

import dev.warder.usage.UsageRow;
import dev.warder.usage.UsageRow.UsageCost;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
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
    public record Settled(Optional<UUID> intent, List<UsageRow> rows, Optional<Charged> charged)
            implements Journal.Entry {
        public Settled {
            rows = List.copyOf(rows);
        }

        public Settled(Optional<UUID> intent, List<UsageRow> rows) {
            this(intent, rows, Optional.empty());
        }

        /**
         * An intent with the rows of its request. The first try gets the id of the intent: a row that became unknown has the
         * same key, so that only one of them can be stored.
         */
        public static Settled withIdOfIntent(UUID intent, List<UsageRow> rows, Optional<Charged> charged) {
            if (rows.isEmpty()) {
                return new Settled(Optional.of(intent), rows);
            }
            var first = rows.get(0).key().tryId();
            return new Settled(
                    Optional.of(intent),
                    rows.stream()
                            .map(row -> row.key().tryId().equals(first) ? renamed(row, intent) : row)
                            .toList(),
                    charged);
        }

        private static UsageRow renamed(UsageRow row, UUID id) {
            return new UsageRow(
                    new UsageRow.Key(id, row.key().part()),
                    row.admitted(),
                    row.ended(),
                    row.caller(),
                    row.models(),
                    row.upstream(),
                    row.consumption(),
                    row.cost(),
                    row.times());
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
        return new Settled(Optional.of(id), List.of(row));
    }
}
