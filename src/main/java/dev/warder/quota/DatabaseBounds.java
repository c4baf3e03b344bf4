package dev.warder.quota;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import dev.warder.database.Statements;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;

/** The bounds in the operator's database, table {@code warder_budget_bound}. Thread-safe. */
public final class DatabaseBounds implements BoundStore {
    private static final String READ =
            """
            SELECT client, model, kind, GREATEST(largest, largest_before) AS largest, samples
            FROM warder_budget_bound ORDER BY seen_at DESC, client, model, kind FETCH FIRST 10000 ROWS ONLY
            """;

    /** A span of 7 days ends with the first bound that is kept after it. */
    private static final String UPDATE =
            """
            UPDATE warder_budget_bound SET
                largest_before = CASE WHEN kind <> 'file' AND begun_at < CURRENT_TIMESTAMP - INTERVAL '7' DAY
                    THEN largest ELSE largest_before END,
                largest = CASE WHEN kind <> 'file' AND begun_at < CURRENT_TIMESTAMP - INTERVAL '7' DAY OR largest < :largest
                    THEN :largest ELSE largest END,
                begun_at = CASE WHEN begun_at < CURRENT_TIMESTAMP - INTERVAL '7' DAY
                    THEN CURRENT_TIMESTAMP ELSE begun_at END,
                samples = GREATEST(samples, :samples),
                seen_at = CURRENT_TIMESTAMP
            WHERE client = :key.client AND model = :key.model AND kind = :key.kind.word
            """;

    private static final String INSERT =
            """
            INSERT INTO warder_budget_bound (client, model, kind, largest, largest_before, samples, begun_at, seen_at)
            SELECT CAST(:key.client AS VARCHAR(256)), CAST(:key.model AS VARCHAR(256)), CAST(:key.kind.word AS VARCHAR(8)),
                CAST(:largest AS BIGINT), 0, CAST(:samples AS BIGINT), CURRENT_TIMESTAMP, CURRENT_TIMESTAMP
            WHERE (SELECT COUNT(*) FROM warder_budget_bound WHERE client = :key.client) < 100
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
        return transactions.run(DatabaseBounds::read);
    }

    @Override
    public void keep(List<KeptBound> bounds) throws SQLException {
        var sorted = bounds.stream()
                .sorted((one, other) -> one.key().compareTo(other.key()))
                .toList();
        for (var part : Statements.parts(sorted, PART)) {
            transactions.run(handle -> {
                Statements.merge(handle, UPDATE, INSERT, part, Map.of());
                return part.size();
            });
        }
    }

    @Override
    public void removeOld() throws SQLException {
        transactions.run(handle -> handle.execute(DELETE));
    }

    private static List<KeptBound> read(Handle handle) {
        var bounds = new ArrayList<KeptBound>();
        handle.select(READ).mapTo(Row.class).forEach(row -> row.bound().ifPresent(bounds::add));
        Collections.reverse(bounds);
        return bounds;
    }

    /** A row of {@code warder_budget_bound}, which may be one of a later version. */
    private record Row(String client, String model, String kind, long largest, long samples) {
        Optional<KeptBound> bound() {
            return BoundKind.of(kind)
                    .filter(known -> KeptBound.isInRange(largest) && KeptBound.isInRange(samples))
                    .map(known -> new KeptBound(new BoundKey(client, model, known), largest, samples));
        }
    }
}
