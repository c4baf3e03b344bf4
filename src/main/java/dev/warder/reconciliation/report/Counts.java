package dev.warder.reconciliation.report;

/**
 * Tokens by kind, and searches; none is negative in a report or a ledger, but a difference may be. Immutable.
 *
 * @param input tokens of input that were neither read from the cache nor written to it
 * @param write5m tokens written to the cache for 5 minutes
 * @param write1h tokens written to the cache for an hour
 * @param read tokens read from the cache
 * @param output tokens of output
 * @param searches web searches
 */
public record Counts(long input, long write5m, long write1h, long read, long output, long searches) {
    /** Nothing. */
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);

    /** Both together. */
    public Counts plus(Counts other) {
        return new Counts(
                input + other.input,
                write5m + other.write5m,
                write1h + other.write1h,
                read + other.read,
                output + other.output,
                searches + other.searches);
    }

    /** What is more here than there, kind by kind. */
    public Counts minus(Counts other) {
        return plus(
                new Counts(-other.input, -other.write5m, -other.write1h, -other.read, -other.output, -other.searches));
    }

    /** Tokens of all kinds. */
    public long tokens() {
        return input + write5m + write1h + read + output;
    }

    /** The sum of the numbers without their signs: 0 only if nothing differs. */
    public long distance() {
        return Math.abs(input)
                + Math.abs(write5m)
                + Math.abs(write1h)
                + Math.abs(read)
                + Math.abs(output)
                + Math.abs(searches);
    }
}
