package dev.warder.record;

import dev.warder.prices.UsageCounts;
import dev.warder.usage.UsageCost.Basis;
import dev.warder.usage.UsageRow;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What a request consumed and cost, as the fields of its line in the access log. Immutable.
 *
 * @param rows the rows of all its tries
 */
record UsageFields(List<UsageRow> rows) {
    private static final String UNKNOWN = "-";
    private static final int NANO_DIGITS = 9;

    UsageFields {
        rows = List.copyOf(rows);
    }

    /** The fields in their order, each with a space before it. */
    String text() {
        return count("input", UsageCounts::input)
                + count("write5m", counts -> counts.writes().fiveMinutes())
                + count("write1h", counts -> counts.writes().oneHour())
                + count("read", UsageCounts::read)
                + count("output", UsageCounts::output)
                + count("searches", UsageCounts::webSearches)
                + field("cost", rows.isEmpty() ? UNKNOWN : cost())
                + field("usage", rows.isEmpty() ? UNKNOWN : basis());
    }

    private String count(String name, ToLongFunction<UsageCounts> kind) {
        long sum = rows.stream()
                .mapToLong(row -> kind.applyAsLong(row.consumption().counts()))
                .sum();
        return field(name, rows.isEmpty() ? UNKNOWN : Long.toString(sum));
    }

    /** The sum of what was rounded up for each row, as a ledger has it, in dollars. */
    private String cost() {
        return rows.stream()
                .map(row -> BigDecimal.valueOf(row.cost().nanos(), NANO_DIGITS))
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .toPlainString();
    }

    /** The least reliable basis of all rows; reported counts are not made worse by a try that consumed nothing. */
    private String basis() {
        var found = rows.stream().map(row -> row.cost().basis()).toList();
        if (found.contains(Basis.ESTIMATED)) {
            return "estimated";
        }
        return found.contains(Basis.REPORTED) ? "reported" : "assumed";
    }

    private static String field(String name, String value) {
        return " " + name + "=" + value;
    }
}
