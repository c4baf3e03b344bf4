package dev.warder.ledger;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.Statements;
import dev.warder.database.Transaction;
import dev.warder.ledger.store.Dimension;
import dev.warder.ledger.store.GroupSums;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Sums of the rows of {@code warder_ledger} that the operator pays for, by slot of time and by {@link Dimension}, added by
 * the database. The caller reads a long period in pieces with a limited number of rows, and adds them. Both statements read
 * the index of the rows' ends. H2 keeps the groups of a statement in memory, and clients choose the names of models: a
 * piece must have few rows. Thread-safe.
 */
public class DatabaseGroups {
    /**
     * The query.
     *
     * @param from the beginning of the first piece of time, inclusive; it may be within a slot
     * @param to its end, exclusive
     * @param slot the length of a slot; slots are multiples of it since 1970
     * @param by what rows of a slot are grouped by
     */
    public record Query(Instant from, Instant to, Duration slot, Set<Dimension> by) {
        public Query {
            by = Set.copyOf(by);
        }

        /** The number since 1970 of the slot of this time. */
        public long slotNumber(Instant time) {
            return Math.floorDiv(time.getEpochSecond(), slot.toSeconds());
        }

        /** The beginning of the slot with this number since 1970. */
        public Instant starts(long number) {
            return Instant.ofEpochSecond(number * slot.toSeconds());
        }
    }

    /**
     * The sums of one group.
     *
     * @param starts the beginning of its slot
     * @param names in the order of {@link Dimension}; empty text where the rows have no name, and in what is not grouped by
     */
    public record Group(Instant starts, List<String> names, GroupSums sums) {
        public Group {
            names = List.copyOf(names);
        }

        @SuppressWarnings("EnumOrdinal") // The names have this order.
        public String name(Dimension dimension) {
            return names.get(dimension.ordinal());
        }
    }

    private static final String PIECE =
            """
            SELECT ended_at FROM warder_ledger WHERE ended_at >= ? AND ended_at < ?
            ORDER BY ended_at, try_id, part
            OFFSET ? ROWS FETCH FIRST 1 ROW ONLY
            """;

    private static final String GROUPS =
            """
            SELECT slot, client, team, model, tier, speed, geo, prompt, SUM(input_tokens), SUM(write_5m_tokens),
                SUM(write_1h_tokens), SUM(read_tokens), SUM(output_tokens), SUM(web_searches), SUM(cost_usd)
            FROM (SELECT CASE WHEN ? THEN CAST(? AS BIGINT)
                        ELSE CAST(FLOOR(EXTRACT(EPOCH FROM ended_at)) AS BIGINT) / CAST(? AS BIGINT)
                        END AS slot,
                    CASE WHEN ? THEN client END AS client,
                    CASE WHEN ? THEN team END AS team,
                    CASE WHEN ? THEN COALESCE(model_answered, model_sent, model_asked) END AS model,
                    CASE WHEN ? THEN tier END AS tier,
                    CASE WHEN ? THEN speed END AS speed,
                    CASE WHEN ? THEN geo END AS geo,
                    CASE WHEN ? THEN
                        CASE WHEN input_tokens + write_5m_tokens + write_1h_tokens + read_tokens > 200000
                            THEN 'long' ELSE 'short' END
                        END AS prompt,
                    input_tokens, write_5m_tokens, write_1h_tokens, read_tokens, output_tokens, web_searches, cost_usd
                FROM warder_ledger
                WHERE ended_at >= ? AND ended_at < ? AND billed
                    AND (input_tokens > 0 OR write_5m_tokens > 0 OR write_1h_tokens > 0 OR read_tokens > 0
                        OR output_tokens > 0 OR web_searches > 0 OR cost_nanos > 0)) part
            GROUP BY slot, client, team, model, tier, speed, geo, prompt
            """;

    /** The rows that PostgreSQL's driver fetches at once: without it, it would keep all of a statement in memory. */
    private static final int FETCHED = 500;

    private final DataSource source;
    private final DatabaseSchema schema;

    public DatabaseGroups(DataSource source) {
        this.source = source;
        this.schema = new DatabaseSchema(source, DatabaseSchema.Tables.BUDGETS);
    }

    /**
     * Where a piece of a period can end that begins with it and has about {@code rows} rows; empty if the whole period has
     * not as many.
     *
     * @throws SQLException when the database cannot be read now
     */
    public Optional<Instant> pieceEnd(Instant from, Instant to, int rows) throws SQLException {
        schema.bringUpToDate();
        try (var transaction = Transaction.begin(source)) {
            return Statements.first(transaction.connection(), PIECE, row -> Statements.time(row, 1), from, to, rows);
        }
    }

    /**
     * Reads the groups of one piece.
     *
     * @param groups receives them one after the other, in no order; the same one may come several times
     * @throws SQLException when the database cannot be read now; part of the groups may have been given
     */
    public void read(Query query, Consumer<Group> groups) throws SQLException {
        schema.bringUpToDate();
        // H2 takes longer for the number of a slot than for all sums of the row.
        long first = query.slotNumber(query.from());
        boolean isOneSlot = first == query.slotNumber(query.to().minusMillis(1));
        var grouped =
                Arrays.stream(Dimension.values()).map(query.by()::contains).toList();
        try (var transaction = Transaction.begin(source);
                var select = Statements.prepared(
                        transaction.connection(),
                        GROUPS,
                        isOneSlot,
                        first,
                        query.slot().toSeconds(),
                        grouped,
                        query.from(),
                        query.to())) {
            select.setFetchSize(FETCHED);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    groups.accept(group(query, rows));
                }
            }
        }
    }

    private static Group group(Query query, ResultSet rows) throws SQLException {
        int at = 1;
        var starts = query.starts(rows.getLong(at++));
        var names = new ArrayList<String>();
        for (int i = 0; i < Dimension.values().length; i++) {
            names.add(Objects.requireNonNullElse(rows.getString(at++), ""));
        }
        var sums = new GroupSums(
                rows.getLong(at++),
                rows.getLong(at++),
                rows.getLong(at++),
                rows.getLong(at++),
                rows.getLong(at++),
                rows.getLong(at++),
                Objects.requireNonNullElse(rows.getBigDecimal(at), BigDecimal.ZERO));
        return new Group(starts, names, sums);
    }
}
