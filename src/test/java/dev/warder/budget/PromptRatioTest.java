package dev.warder.budget;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromptRatioTest {
    private static final long BYTES = 100_000;
    private final PromptRatio ratios = new PromptRatio();

    @Test
    void assumesATokenForEachByteOfAnUnknownClient() {
        assertThat(tokens("ann")).isEqualTo(BYTES + PromptRatio.ADDED);
    }

    @Test
    void learnsWithAMarginFromWhatTheUpstreamCounted() {
        ratios.learn("ann", "claude", BYTES, 60_000);
        assertThat(tokens("ann")).isBetween(66_000 + PromptRatio.ADDED, 66_010 + PromptRatio.ADDED);
        assertThat(tokens("bob")).isEqualTo(BYTES + PromptRatio.ADDED);
        assertThat(ratios.tokens("ann", "other", BYTES)).isEqualTo(BYTES + PromptRatio.ADDED);
    }

    @Test
    void theDearestOfTheLastResponsesCounts() {
        ratios.learn("ann", "claude", BYTES, 80_000);
        for (int i = 0; i < 15; i++) {
            ratios.learn("ann", "claude", BYTES, 55_000);
        }
        assertThat(tokens("ann")).isGreaterThan(88_000);
        ratios.learn("ann", "claude", BYTES, 55_000);
        assertThat(tokens("ann")).isLessThan(62_000);
    }

    /** A client could send spaces first, and then digits. */
    @Test
    void neverAssumesFewerTokensThanTheLedger() {
        ratios.learn("ann", "claude", BYTES, 1);
        assertThat(tokens("ann")).isGreaterThanOrEqualTo(BYTES / 2);
    }

    @Test
    void neverAssumesMoreThanATokenForEachByte() {
        ratios.learn("ann", "claude", BYTES, 10 * BYTES);
        assertThat(tokens("ann")).isEqualTo(BYTES + PromptRatio.ADDED);
    }

    /** What the API adds would be most of it. */
    @Test
    void learnsNothingFromShortRequests() {
        ratios.learn("ann", "claude", 999, 600);
        assertThat(tokens("ann")).isEqualTo(BYTES + PromptRatio.ADDED);
    }

    @Test
    void remembersALimitedNumberOfClients() {
        ratios.learn("ann", "claude", BYTES, 60_000);
        for (int i = 0; i < 10_000; i++) {
            ratios.learn("client " + i, "claude", BYTES, 60_000);
        }
        assertThat(tokens("ann")).isEqualTo(BYTES + PromptRatio.ADDED);
        assertThat(tokens("client 1")).isLessThan(BYTES);
    }

    private long tokens(String client) {
        return ratios.tokens(client, "claude", BYTES);
    }
}
