package dev.warder.reconciliation.report;

import java.util.Map;

/**
 * What Anthropic reports of one day. Immutable.
 *
 * @param shares of each model and credential
 * @param otherNanos the cost of all that belongs to none of the credentials, in nano-dollars
 * @param otherTokens the tokens of all that belongs to none of the credentials
 */
public record DayReport(Map<Owner, Share> shares, long otherNanos, long otherTokens) {
    /** Copies the map. */
    public DayReport {
        shares = Map.copyOf(shares);
    }

    /** The model by {@link ModelName} and the name of the managed credential, which is not its value. */
    public record Owner(String model, String credential) {
        @Override
        public String toString() {
            return model + " by " + credential;
        }
    }

    /**
     * What a credential used of a model.
     *
     * @param nanos in nano-dollars
     * @param lines the lines of the cost report that it has a part of
     */
    public record Share(Counts counts, long nanos, int lines) {
        /** Nothing. */
        public static final Share NONE = new Share(Counts.NONE, 0, 0);
    }
}
