package dev.warder.reconcile;

import dev.warder.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

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
            SELECT credential, COALESCE(model_answered, model_sent, model_asked, ''), COUNT(*), SUM(cost_nanos),
                SUM(input_tokens), SUM(write_5m_tokens), SUM(write_1h_tokens), SUM(read_tokens), SUM(output_tokens),
                SUM(web_searches), COUNT(model_answered)
            FROM warder_ledger WHERE ended_at >= ? AND ended_at < ? AND billed = TRUE AND (cost_nanos <> 0
                OR input_tokens + write_5m_tokens + write_1h_tokens + read_tokens + output_tokens + web_searches > 0)
            GROUP BY credential, COALESCE(model_answered, model_sent, model_asked, '')
            ORDER BY credential, COALESCE(model_answered, model_sent, model_asked, '')
            """;

    private static final Comparator<Map.Entry<LineId, Comparison>> LARGEST_FIRST = Comparator.comparingLong(
                    (Map.Entry<LineId, Comparison> each) ->
                            -each.getValue().ledger().nanos())
            .thenComparing(each -> each.getKey().toString());

    private final LocalDate day;
    private final Map<LineId, Comparison> answered = new HashMap<>();
    private final Map<LineId, Comparison> asked = new HashMap<>();

    LedgerSums(LocalDate day) {
        this.day = day;
    }

    /** The usage of these credentials on a day. It is read hour by hour, so that no statement takes long. */
    static Map<LineId, Comparison> of(Connection connection, LocalDate day, Set<String> credentials)
            throws SQLException {
        var sums = new LedgerSums(day);
        var start = day.atStartOfDay().atOffset(ZoneOffset.UTC);
        for (int hour = 0; hour < HOURS; hour++) {
            Statements.each(
                    connection,
                    SUMS,
                    row -> {
                        String credential = Objects.requireNonNullElse(row.getString(1), "");
                        if (credentials.contains(credential)) {
                            sums.add(
                                    LineId.modelName(row.getString(2)),
                                    credential,
                                    row.getLong(11) > 0,
                                    new Comparison(row.getLong(3), Side.read(row, 4), Side.NONE, 0));
                        }
                    },
                    start.plusHours(hour),
                    start.plusHours(hour + 1));
        }
        return sums.lines();
    }

    void add(String model, String credential, boolean hasAnswer, Comparison sum) {
        var id = new LineId(day, model, credential);
        if (hasAnswer || answered.containsKey(id)) {
            answered.merge(id, sum, LedgerSums::plus);
        } else if (asked.size() < MOST_READ || asked.containsKey(id)) {
            asked.merge(id, sum, LedgerSums::plus);
        } else {
            addOther(credential, sum);
        }
    }

    private void addOther(String credential, Comparison sum) {
        answered.merge(new LineId(day, OTHER, credential), sum, LedgerSums::plus);
    }

    Map<LineId, Comparison> lines() {
        asked.entrySet().stream()
                .filter(each -> !answered.containsKey(each.getKey()))
                .sorted(LARGEST_FIRST)
                .skip(MOST_ASKED)
                .toList()
                .forEach(each -> {
                    addOther(each.getKey().credential(), each.getValue());
                    asked.remove(each.getKey());
                });
        // Some have a response in another hour; and a client may have sent the name of the other models.
        asked.forEach((id, sum) -> answered.merge(id, sum, LedgerSums::plus));
        return answered;
    }

    private static Comparison plus(Comparison one, Comparison other) {
        return new Comparison(one.rows() + other.rows(), one.ledger().plus(other.ledger()), Side.NONE, 0);
    }
}
