package dev.warder.reconcile;

import dev.warder.database.Statements;
import dev.warder.reconcile.Comparison.Side;
import dev.warder.reconcile.ReconciliationReport.LineId;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
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

    private static final Comparator<Map.Entry<LineId, Comparison>> LARGEST_FIRST = Comparator.comparingLong(
                    (Map.Entry<LineId, Comparison> each) ->
                            -each.getValue().ledger().nanos())
            .thenComparing(each -> each.getKey().toString());

    private final LocalDate day;

    /** Usage by lines whose names a response has confirmed, and by the lines {@link #OTHER}. */
    private final Map<LineId, Comparison> sums = new HashMap<>();

    /** Usage by lines whose names only clients have given, apart from rows that {@link #sums} already had a line for. */
    private final Map<LineId, Comparison> asked = new HashMap<>();

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
        if (hasAnswer || sums.containsKey(id)) {
            sums.merge(id, sides, Comparison::plus);
        } else if (asked.containsKey(id) || asked.size() < MOST_READ) {
            asked.merge(id, sides, Comparison::plus);
        } else {
            sums.merge(others(credential), sides, Comparison::plus);
        }
    }

    private LineId others(String credential) {
        return new LineId(day, OTHER, credential);
    }

    Map<LineId, Comparison> lines() {
        var lines = new HashMap<>(sums);
        asked.entrySet().stream()
                .sorted(LARGEST_FIRST)
                .forEachOrdered(each -> lines.merge(
                        sums.containsKey(each.getKey()) || lines.size() < sums.size() + MOST_ASKED
                                ? each.getKey()
                                : others(each.getKey().credential()),
                        each.getValue(),
                        Comparison::plus));
        return lines;
    }
}
