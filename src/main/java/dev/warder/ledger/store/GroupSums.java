package dev.warder.ledger.store;

import java.math.BigDecimal;

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
public record GroupSums(
        long input, long write5m, long write1h, long read, long output, long searches, BigDecimal dollars) {
    /** No rows. */
    public static final GroupSums NONE = new GroupSums(0, 0, 0, 0, 0, 0, BigDecimal.ZERO);

    /** Those of one line. */
    public static GroupSums of(LedgerStore.Line line) {
        return new GroupSums(
                number(line, Column.INPUT_TOKENS),
                number(line, Column.WRITE_5M_TOKENS),
                number(line, Column.WRITE_1H_TOKENS),
                number(line, Column.READ_TOKENS),
                number(line, Column.OUTPUT_TOKENS),
                number(line, Column.WEB_SEARCHES),
                line.get(Column.COST_USD) instanceof BigDecimal exact ? exact : BigDecimal.ZERO);
    }

    /** Both. */
    public GroupSums plus(GroupSums other) {
        return new GroupSums(
                input + other.input,
                write5m + other.write5m,
                write1h + other.write1h,
                read + other.read,
                output + other.output,
                searches + other.searches,
                dollars.add(other.dollars));
    }

    /** Whether nothing was consumed: the upstream refused the request, or never had it. */
    public boolean isNothing() {
        return prompt() == 0 && output == 0 && searches == 0 && dollars.signum() == 0;
    }

    /** All tokens of prompts. */
    public long prompt() {
        return input + write5m + write1h + read;
    }

    private static long number(LedgerStore.Line line, Column column) {
        return line.get(column) instanceof Long number ? number : 0;
    }
}
