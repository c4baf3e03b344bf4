package dev.warder.ledger.lease;

import dev.warder.database.Statements;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Spending in periods before they had a row, from the rows of the ledger. Periods with the same window read the ledger
 * once. The rows of the periods must be locked: rows that are charged to them are then either in both sums or in none.
 * One thread at a time.
 */
final class Openings {
    private static final String REASON = "opening";

    /** No row ends before it was admitted, and the index is by the end. */
    private static final String COSTS =
            """
            SELECT client, model_sent, SUM(cost_nanos) FROM warder_ledger
            WHERE ended_at >= ? AND admitted_at >= ? AND admitted_at < ? AND billed = TRUE AND cost_nanos > 0
            GROUP BY client, model_sent
            """;

    /** Later than all requests, and known to all databases. */
    private static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

    private final Connection connection;
    private final Map<Window, List<Cost>> costs = new HashMap<>();

    private record Window(Instant start, Optional<Instant> end) {}

    private record Cost(String client, String model, BigDecimal nanos) {}

    Openings(Connection connection) {
        this.connection = connection;
    }

    /** What was spent and is not charged to the period of this request, which is noted as an adjustment. */
    long before(LeaseRequest request) throws SQLException {
        if (request.opening().isNone()) {
            return 0;
        }
        long charged = ChargeTable.sum(connection, request.key());
        long before = Math.max(0, sum(request) - charged);
        if (before > 0) {
            ChargeTable.adjust(connection, request.key(), REASON, before);
        }
        return before;
    }

    private long sum(LeaseRequest request) throws SQLException {
        var window = new Window(request.key().start(), request.end());
        var found = costs.get(window);
        if (found == null) {
            found = read(window);
            costs.put(window, found);
        }
        return found.stream()
                .filter(each -> request.opening().counts(each.client, each.model))
                .map(Cost::nanos)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .longValueExact();
    }

    private List<Cost> read(Window window) throws SQLException {
        var read = new ArrayList<Cost>();
        try (var select = Statements.limited(connection.prepareStatement(COSTS))) {
            select.setObject(1, Keys.time(window.start));
            select.setObject(2, Keys.time(window.start));
            select.setObject(3, Keys.time(window.end.orElse(NEVER)));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    read.add(new Cost(text(rows.getString(1)), text(rows.getString(2)), rows.getBigDecimal(3)));
                }
            }
        }
        return read;
    }

    private static String text(@Nullable String value) {
        return Objects.requireNonNullElse(value, "");
    }
}
