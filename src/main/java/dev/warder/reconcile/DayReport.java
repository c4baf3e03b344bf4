package dev.warder.reconcile;

import java.util.Map;

/**
 * Anthropic's report of one day. Immutable.
 *
 * @param shares of each model and credential
 * @param otherNanos the cost of all that belongs to none of the credentials, in nano-dollars
 * @param otherTokens the tokens of all that belongs to none of the credentials
 */
record DayReport(Map<LineId, Share> shares, long otherNanos, long otherTokens) {
    DayReport {
        shares = Map.copyOf(shares);
    }

    /**
     * The usage of a model by a credential, with its cost.
     *
     * @param lines the lines of the cost report that it has a part of
     */
    record Share(Side side, int lines) {
        static final Share NONE = new Share(Side.NONE, 0);
    }
}
