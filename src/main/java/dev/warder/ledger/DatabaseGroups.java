package dev.warder.ledger;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jdbi.v3.core.mapper.Nested;
import org.jspecify.annotations.Nullable;

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
    public record Group(Instant starts, List<String> names, Sums sums) {
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
            SELECT slot, client, team, model, tier, speed, geo, prompt, SUM(input_tokens) AS input,
                SUM(write_5m_tokens) AS write5m, SUM(write_1h_tokens) AS write1h, SUM(read_tokens) AS "read",
                SUM(output_tokens) AS output, SUM(web_searches) AS searches, COALESCE(SUM(cost_usd), 0) AS dollars
            FROM (SELECT CASE WHEN :is_one_slot THEN CAST(:first AS BIGINT)
                        ELSE CAST(FLOOR(EXTRACT(EPOCH FROM ended_at)) AS BIGINT) / CAST(:slot.toSeconds AS BIGINT)
                        END AS slot,
                    CASE WHEN :by_client THEN client END AS client,
                    CASE WHEN :by_team THEN team END AS team,
                    CASE WHEN :by_model THEN COALESCE(model_answered, model_sent, model_asked) END AS model,
                    CASE WHEN :by_tier THEN tier END AS tier,
                    CASE WHEN :by_speed THEN speed END AS speed,
                    CASE WHEN :by_geo THEN geo END AS geo,
                    CASE WHEN :by_prompt THEN
                        CASE WHEN input_tokens + write_5m_tokens + write_1h_tokens + read_tokens > 200000
                            THEN 'long' ELSE 'short' END
                        END AS prompt,
                    input_tokens, write_5m_tokens, write_1h_tokens, read_tokens, output_tokens, web_searches, cost_usd
                FROM warder_ledger
                WHERE ended_at >= :from AND ended_at < :to AND billed
                    AND (input_tokens > 0 OR write_5m_tokens > 0 OR write_1h_tokens > 0 OR read_tokens > 0
                        OR output_tokens > 0 OR web_searches > 0 OR cost_nanos > 0)) part
            GROUP BY slot, client, team, model, tier, speed, geo, prompt
            """;

    /** The rows that PostgreSQL's driver fetches at once: without it, it would keep all of a statement in memory. */
    private static final int FETCHED = 500;

    private final RepeatableTransactions transactions;

    /** The dimensions of a group, and its sums. */
    private record Row(
            long slot,
            @Nullable String client,
            @Nullable String team,
            @Nullable String model,
            @Nullable String tier,
            @Nullable String speed,
            @Nullable String geo,
            @Nullable String prompt,
            @Nested Sums sums) {
        Group group(Query query) {
            var names = Stream.of(client, team, model, tier, speed, geo, prompt)
                    .map(name -> Objects.requireNonNullElse(name, ""))
                    .toList();
            return new Group(query.starts(slot), names, sums);
        }
    }

    public DatabaseGroups(DataSource source) {
        transactions = new RepeatableTransactions(source, DatabaseSchema.Tables.LEDGER);
    }

    /**
     * Where a piece of a period can end that begins with it and has about {@code rows} rows; empty if the whole period has
     * not as many.
     *
     * @throws SQLException when the database cannot be read now
     */
    public Optional<Instant> pieceEnd(Instant from, Instant to, int rows) throws SQLException {
        return transactions.once(handle ->
                handle.select(PIECE, from, to, rows).mapTo(Instant.class).findOne());
    }

    /**
     * Reads the groups of one piece.
     *
     * @param groups receives them one after the other, in no order; the same one may come several times
     * @throws SQLException when the database cannot be read now; part of the groups may have been given
     */
    public void read(Query query, Consumer<Group> groups) throws SQLException {
        // H2 takes longer for the number of a slot than for all sums of the row.
        long first = query.slotNumber(query.from());
        boolean isOneSlot = first == query.slotNumber(query.to().minusMillis(1));
        transactions.once(handle -> {
            var select = handle.createQuery(GROUPS)
                    .bindMethods(query)
                    .bind("is_one_slot", isOneSlot)
                    .bind("first", first)
                    .setFetchSize(FETCHED);
            for (var dimension : Dimension.values()) {
                select.bind(
                        "by_".concat(dimension.name().toLowerCase(Locale.ROOT)),
                        query.by().contains(dimension));
            }
            select.mapTo(Row.class).forEach(row -> groups.accept(row.group(query)));
            return true;
        });
    }

    /**
     * Sums of rows that the operator pays for. Immutable.
     *
     * @param input tokens of prompts that were neither written to the cache nor read from it
     * @param write5m tokens that were written to the cache for five minutes
     * @param write1h tokens that were written to the cache for an hour
     * @param read tokens that were read from the cache
     * @param output tokens of responses, thinking included
     * @param searches web searches
     * @param dollars the exact cost in USD
     */
    public record Sums(
            long input, long write5m, long write1h, long read, long output, long searches, BigDecimal dollars) {
        public Sums plus(Sums other) {
            return new Sums(
                    input + other.input,
                    write5m + other.write5m,
                    write1h + other.write1h,
                    read + other.read,
                    output + other.output,
                    searches + other.searches,
                    dollars.add(other.dollars));
        }
    }

    /** The dimensions for grouping rows. */
    public enum Dimension {
        CLIENT,
        TEAM,
        /** The model that has the price: the one that responded, otherwise the one that was sent or asked for. */
        MODEL,
        TIER,
        SPEED,
        GEO,
        /** {@link #LONG} if the prompt had more than {@link #LONGEST_SHORT} tokens, otherwise {@link #SHORT}. */
        PROMPT;

        public static final long LONGEST_SHORT = 200_000;

        public static final String LONG = "long";

        public static final String SHORT = "short";
    }
}
