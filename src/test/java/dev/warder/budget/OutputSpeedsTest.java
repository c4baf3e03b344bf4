package dev.warder.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.Dialect;
import dev.warder.json.BodyPrompt;
import dev.warder.usage.OutputRate;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputSpeedsTest {
    private static final OutputRate USUAL = OutputRate.DEFAULT;

    private final OutputSpeeds speeds = new OutputSpeeds(USUAL, new LearnedBounds(() -> 0));

    @Test
    void assumesTheUsualRateOfAnUnknownModel() {
        assertThat(rate()).isEqualTo(USUAL);
    }

    @Test
    void oneFastResponseIsNotEnough() {
        learn(false, 1000, 10, 3);
        assertThat(rate()).isEqualTo(USUAL);
        learn(false, 1000, 10, 1);
        assertThat(rate().standard()).isEqualTo(150);
    }

    /** By tokens in 10 seconds. */
    @ParameterizedTest
    @CsvSource({"500, 100", "600, 100", "800, 120", "1600, 240", "1700, 250", "9999999, 250"})
    void assumesHalfAsMuchMoreWithinLimits(long tokens, long expected) {
        learn(false, tokens, 10, 4);
        assertThat(rate().standard()).isEqualTo(expected);
    }

    @Test
    void theFastestResponseCounts() {
        learn(false, 1500, 10, 1);
        learn(false, 600, 10, 999);
        assertThat(rate().standard()).isEqualTo(225);
        learn(false, 600, 10, 1001);
        assertThat(rate().standard()).isEqualTo(100);
    }

    /** Such a response is known at once. */
    @Test
    void learnsFromAResponseWithoutADelay() {
        learn(false, 800, 0, 4);
        assertThat(rate()).isEqualTo(USUAL);
    }

    @Test
    void learnsNothingFromShortResponses() {
        learn(false, 499, 10, 100);
        assertThat(rate()).isEqualTo(USUAL);
    }

    @Test
    void eachModelAndClientAndModeHasItsOwn() {
        learn(false, 800, 10, 4);
        assertThat(rate()).isEqualTo(new OutputRate(120, 500));
        learn(true, 2000, 10, 4);
        assertThat(rate()).isEqualTo(new OutputRate(120, 300));
        assertThat(speeds.rate("ann", "other")).isEqualTo(USUAL);
        assertThat(speeds.rate("bob", "claude")).isEqualTo(USUAL);
    }

    /** A response that was asked to be fast may not be: the ledger assumes the standard rate of it then. */
    @Test
    void theFastModeIsNeverSlower() {
        learn(true, 500, 10, 4);
        assertThat(rate()).isEqualTo(new OutputRate(250, 250));
    }

    private OutputRate rate() {
        return speeds.rate("ann", "claude");
    }

    private void learn(boolean fast, long tokens, long seconds, int times) {
        var request = new MeteredRequest(
                "req_1", "ann", "claude", Dialect.ANTHROPIC, 100, BodyPrompt.TEXT, fast, false, 1000, Inquiries.BOUNDS);
        for (int i = 0; i < times; i++) {
            speeds.learn(request, tokens, TimeUnit.SECONDS.toNanos(seconds));
        }
    }
}
