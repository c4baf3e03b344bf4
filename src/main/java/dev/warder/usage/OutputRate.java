package dev.warder.usage;

/**
 * How many tokens a model generates in a second at most. A {@code ServletContextListener} that is declared before the
 * application's own may set another one than {@link #DEFAULT}, as an attribute of the servlet context under this type; there
 * is no setting for it. Immutable.
 *
 * @param standard tokens in a second
 * @param fast the same in the fast mode
 */
public record OutputRate(long standard, long fast) {
    public static final OutputRate DEFAULT = new OutputRate(250, 500);

    private static final long NANOS = 1_000_000_000;

    /**
     * How many tokens can have been generated in this time.
     *
     * @param nanos nanoseconds; negative as 0
     */
    public long tokens(long nanos, boolean isFast) {
        long rate = isFast ? fast : standard;
        long elapsed = Math.max(0, nanos);
        return elapsed / NANOS * rate + elapsed % NANOS * rate / NANOS;
    }
}
