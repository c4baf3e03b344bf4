package dev.warder.budget;

/**
 * How many tokens a model generates in a second at most. Immutable.
 *
 * @param standard tokens in a second
 * @param fast the same in the fast mode
 */
public record OutputRate(long standard, long fast) {
    /** Those by which the ledger estimates responses that were cut off; few models are faster. */
    public static final OutputRate DEFAULT = new OutputRate(250, 500);

    private static final long NANOS = 1_000_000_000;

    /** How many tokens can have been generated in this time. */
    long tokens(long nanos, boolean isFast) {
        long rate = isFast ? fast : standard;
        long elapsed = Math.max(0, nanos);
        return elapsed / NANOS * rate + elapsed % NANOS * rate / NANOS;
    }
}
