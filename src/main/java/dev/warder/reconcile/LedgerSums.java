package dev.warder.reconcile;

import dev.warder.database.Statements;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.Nested;

/**
 * Sums of a day's rows of {@code warder_ledger}, by model and credential. A client may send any name, and break off before there
 * is a response; so names that no response has confirmed are limited, and all others are one line for each credential. The caller
 * owns the transaction. Not thread-safe.
 */
final class LedgerSums {
    static final String OTHER = "(other models)";

    /** The most lines with a name that no response has confirmed; those with the largest costs. */
    private static final int MOST_ASKED = 1000;

    private static final int MOST_READ = 20_000;

    private static final int HOURS = 24;

    /**
     * A request counts for the day on which it ended: then the provider knows what it used. Rows that used nothing, such as most
     * refused requests, are left out.
     */
    private static final String SUMS =
            """
            SELECT credential AS owner, COALESCE(model_answered, model_sent, model_asked, '') AS model, COUNT(*) AS row_count,
                COUNT(model_answered) > 0 AS answered, SUM(cost_nanos) AS nanos, SUM(input_tokens) AS input,
                SUM(write_5m_tokens) AS write5m, SUM(write_1h_tokens) AS write1h, SUM(read_tokens) AS "read",
                SUM(output_tokens) AS output, SUM(web_searches) AS searches
            FROM warder_ledger
            WHERE ended_at >= :from AND ended_at < :to AND billed = TRUE AND credential IN (<credentials>)
                AND (cost_nanos <> 0
                    OR input_tokens + write_5m_tokens + write_1h_tokens + read_tokens + output_tokens + web_searches > 0)
            GROUP BY credential, COALESCE(model_answered, model_sent, model_asked, '')
            ORDER BY credential, COALESCE(model_answered, model_sent, model_asked, '')
            """;

    private static final Comparator<Map.Entry<LineId, Sum>> LARGEST_FIRST = Comparator.comparingLong(
                    (Map.Entry<LineId, Sum> each) ->
                            -each.getValue().sides.ledger().nanos())
            .thenComparing(each -> each.getKey().toString());

    private final LocalDate day;
    private final Map<LineId, Sum> sums = new HashMap<>();

    /** Names that clients alone have given. */
    private int asked;

    /** @param isNamed whether a response has confirmed the name, or it is that of all others */
    private record Sum(Comparison sides, boolean isNamed) {
        Sum plus(Sum other) {
            return new Sum(sides.plus(other.sides), isNamed || other.isNamed);
        }
    }

    LedgerSums(LocalDate day) {
        this.day = day;
    }

    /** The rows of an hour with a credential and a model. */
    private record Row(String owner, String model, long rowCount, boolean answered, @Nested Side side) {}

    /**
     * The usage of these credentials on a day, whose rows are each rounded up to a nano-dollar. It is read hour by hour, so that no
     * statement takes long.
     */
    static Map<LineId, Comparison> of(Handle handle, LocalDate day, Set<String> credentials) {
        var sums = new LedgerSums(day);
        var start = day.atStartOfDay().toInstant(ZoneOffset.UTC);
        for (int hour = 0; hour < HOURS; hour++) {
            handle.createQuery(SUMS)
                    .bindList("credentials", Statements.filled(credentials))
                    .bind("from", start.plus(hour, ChronoUnit.HOURS))
                    .bind("to", start.plus(hour + 1, ChronoUnit.HOURS))
                    .mapTo(Row.class)
                    .forEach(row -> sums.add(
                            LineId.modelName(row.model),
                            row.owner,
                            row.answered,
                            new Comparison(row.rowCount, row.side, Side.NONE, row.rowCount)));
        }
        return sums.lines();
    }

    void add(String model, String credential, boolean hasAnswer, Comparison sides) {
        var id = new LineId(day, model, credential);
        boolean isNew = !sums.containsKey(id);
        boolean kept = hasAnswer || !isNew || asked < MOST_READ;
        asked += kept && isNew && !hasAnswer ? 1 : 0;
        sums.merge(kept ? id : others(credential), new Sum(sides, hasAnswer || !kept), Sum::plus);
    }

    private LineId others(String credential) {
        return new LineId(day, OTHER, credential);
    }

    Map<LineId, Comparison> lines() {
        sums.entrySet().stream()
                .filter(each -> !each.getValue().isNamed)
                .sorted(LARGEST_FIRST)
                .skip(MOST_ASKED)
                .toList()
                .forEach(each -> {
                    var id = each.getKey();
                    sums.remove(id);
                    sums.merge(others(id.credential()), each.getValue(), Sum::plus);
                });
        return sums.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().sides));
    }
}
