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
        var text = new StringBuilder(120);
        count(text, " input=", UsageCounts::input);
        count(text, " write5m=", counts -> counts.writes().fiveMinutes());
        count(text, " write1h=", counts -> counts.writes().oneHour());
        count(text, " read=", UsageCounts::read);
        count(text, " output=", UsageCounts::output);
        count(text, " searches=", UsageCounts::webSearches);
        return text.append(" cost=")
                .append(rows.isEmpty() ? UNKNOWN : cost())
                .append(" usage=")
                .append(rows.isEmpty() ? UNKNOWN : basis())
                .toString();
    }

    private void count(StringBuilder text, String name, ToLongFunction<UsageCounts> kind) {
        text.append(name);
        if (rows.isEmpty()) {
            text.append(UNKNOWN);
            return;
        }
        long sum = 0;
        for (var row : rows) {
            sum += kind.applyAsLong(row.consumption().counts());
        }
        text.append(sum);
    }

    /** The sum of what was rounded up for each row, as a ledger has it, in dollars. */
    private String cost() {
        var sum = BigDecimal.ZERO;
        for (var row : rows) {
            sum = sum.add(BigDecimal.valueOf(row.cost().nanos(), NANO_DIGITS));
        }
        return sum.toPlainString();
    }

    /** The least reliable basis of all rows; reported counts are not made worse by a try that consumed nothing. */
    private String basis() {
        String found = "assumed";
        for (var row : rows) {
            if (row.cost().basis() == Basis.ESTIMATED) {
                return "estimated";
            }
            found = row.cost().basis() == Basis.REPORTED ? "reported" : found;
        }
        return found;
    }
}
