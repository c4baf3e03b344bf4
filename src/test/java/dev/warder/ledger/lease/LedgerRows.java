package dev.warder.ledger.lease;

import dev.warder.ledger.DatabaseStore;
import dev.warder.ledger.Rows;
import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.Intent;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.usage.UsageCost;
import dev.warder.usage.UsageRow;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** Rows of the ledger that cost something, and how they are stored. */
final class LedgerRows {
    private LedgerRows() {}

    static DatabaseStore store(DataSource source, String run) {
        return new DatabaseStore(source, "node-" + run);
    }

    static UsageRow row(long nanos) {
        return row("build", "sent", Rows.NOON, nanos, true);
    }

    static UsageRow row(String client, String model, Instant admitted, long nanos, boolean billed) {
        var row = Rows.row();
        var caller = new UsageRow.Caller(
                "req-1",
                Optional.of(client),
                Optional.empty(),
                Optional.empty(),
                row.caller().dialect());
        return new UsageRow(
                row.key(),
                admitted,
                admitted.plusSeconds(2),
                caller,
                new UsageRow.Models(Optional.of("asked"), Optional.of(model), Optional.empty()),
                row.upstream(),
                row.consumption(),
                new UsageCost("v1", BigDecimal.valueOf(nanos, 9), nanos, false, billed, UsageCost.Basis.REPORTED),
                row.times());
    }

    /** These rows, charged to periods of a run. */
    static Intent.Settled charged(UUID run, List<PeriodKey> periods, UsageRow... rows) {
        return new Intent.Settled(Optional.empty(), List.of(rows), Optional.of(new Charged(run, periods)));
    }
}
