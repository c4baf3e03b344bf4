package dev.warder.quota.budget;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import dev.warder.database.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/** The bounds in the operator's database, table {@code warder_budget_bound}. Thread-safe. */
public final class DatabaseBounds implements BoundStore {
    private static final String READ =
            """
            SELECT client, model, kind, CASE WHEN largest < largest_before THEN largest_before ELSE largest END, samples
            FROM warder_budget_bound ORDER BY seen_at DESC, client, model, kind FETCH FIRST 10000 ROWS ONLY
            """;

    /** A span of 7 days ends with the first bound that is kept after it. */
    private static final String UPDATE =
            """
            UPDATE warder_budget_bound SET
                largest_before = CASE WHEN kind <> 'file' AND begun_at < CURRENT_TIMESTAMP - INTERVAL '7' DAY
                    THEN largest ELSE largest_before END,
                largest = CASE WHEN kind <> 'file' AND begun_at < CURRENT_TIMESTAMP - INTERVAL '7' DAY OR largest < ?
                    THEN ? ELSE largest END,
                begun_at = CASE WHEN begun_at < CURRENT_TIMESTAMP - INTERVAL '7' DAY
                    THEN CURRENT_TIMESTAMP ELSE begun_at END,
                samples = CASE WHEN samples < ? THEN ? ELSE samples END,
                seen_at = CURRENT_TIMESTAMP
            WHERE client = ? AND model = ? AND kind = ?
            """;

    private static final String INSERT =
            """
            INSERT INTO warder_budget_bound (client, model, kind, largest, largest_before, samples, begun_at, seen_at)
            SELECT CAST(? AS VARCHAR(256)), CAST(? AS VARCHAR(256)), CAST(? AS VARCHAR(8)), CAST(? AS BIGINT), 0,
                CAST(? AS BIGINT), CURRENT_TIMESTAMP, CURRENT_TIMESTAMP
            WHERE (SELECT COUNT(*) FROM warder_budget_bound WHERE client = ?) < 100
            """;

    private static final String DELETE =
            "DELETE FROM warder_budget_bound WHERE seen_at < CURRENT_TIMESTAMP - INTERVAL '90' DAY";

    /** The most rows of one transaction, which locks them. */
    private static final int PART = 200;

    private final RepeatableTransactions transactions;

    public DatabaseBounds(DataSource source) {
        transactions = new RepeatableTransactions(source, DatabaseSchema.Tables.BUDGETS);
    }

    @Override
    public List<KeptBound> read() throws SQLException {
        return transactions.run(connection -> read(connection));
    }

    @Override
    public void keep(List<KeptBound> bounds) throws SQLException {
        var sorted = bounds.stream()
                .sorted((one, other) -> one.key().compareTo(other.key()))
                .toList();
        for (var part : Statements.parts(sorted, PART)) {
            transactions.run(connection -> {
                keep(connection, part);
                return part.size();
            });
        }
    }

    @Override
    public void removeOld() throws SQLException {
        transactions.run(connection -> Statements.update(connection, DELETE));
    }

    private static List<KeptBound> read(Connection connection) throws SQLException {
        var bounds = new ArrayList<KeptBound>();
        Statements.list(connection, READ, DatabaseBounds::bound).forEach(each -> each.ifPresent(bounds::add));
        Collections.reverse(bounds);
        return bounds;
    }

    private static Optional<KeptBound> bound(ResultSet rows) throws SQLException {
        var kind = BoundKind.of(rows.getString(3));
        long largest = rows.getLong(4);
        long samples = rows.getLong(5);
        if (kind.isEmpty() || !KeptBound.isInRange(largest) || !KeptBound.isInRange(samples)) {
            return Optional.empty();
        }
        var key = new BoundKey(rows.getString(1), rows.getString(2), kind.get());
        return Optional.of(new KeptBound(key, largest, samples));
    }

    private static void keep(Connection connection, List<KeptBound> bounds) throws SQLException {
        int[] updated = Statements.batch(connection, UPDATE, bounds, bound ->
                new Object[] {bound.largest(), bound.largest(), bound.samples(), bound.samples(), key(bound)});
        var added = IntStream.range(0, updated.length)
                .filter(i -> updated[i] == 0)
                .mapToObj(bounds::get)
                .toList();
        Statements.batch(connection, INSERT, added, bound -> new Object[] {
            key(bound), bound.largest(), bound.samples(), bound.key().client()
        });
    }

    private static List<String> key(KeptBound bound) {
        var key = bound.key();
        return List.of(key.client(), key.model(), key.kind().word());
    }
}
