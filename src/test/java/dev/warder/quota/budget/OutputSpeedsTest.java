package dev.warder.quota.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.Dialect;
import dev.warder.json.BodyPrompt;
import dev.warder.usage.OutputRate;
import dev.warder.usage.PromptTokens;
import java.util.Optional;
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
    void fewResponsesAreNotEnough() {
        learn(false, 1000, 10, 7);
        assertThat(rate()).isEqualTo(USUAL);
        learn(false, 1000, 10, 1);
        assertThat(rate().standard()).isEqualTo(150);
    }

    /** By tokens in 10 seconds. */
    @ParameterizedTest
    @CsvSource({"500, 125", "800, 125", "900, 135", "1600, 240", "1700, 250", "9999999, 250"})
    void assumesHalfAsMuchMoreWithinLimits(long tokens, long expected) {
        learn(false, tokens, 10, 8);
        assertThat(rate().standard()).isEqualTo(expected);
    }

    @Test
    void theFastestResponseCounts() {
        learn(false, 1500, 10, 1);
        learn(false, 600, 10, 999);
        assertThat(rate().standard()).isEqualTo(225);
        learn(false, 600, 10, 1001);
        assertThat(rate().standard()).isEqualTo(125);
    }

    /** Such a response is known at once. */
    @Test
    void learnsFromAResponseWithoutADelay() {
        learn(false, 800, 0, 8);
        assertThat(rate()).isEqualTo(USUAL);
    }

    @Test
    void learnsNothingFromShortResponses() {
        learn(false, 499, 10, 100);
        assertThat(rate()).isEqualTo(USUAL);
    }

    @Test
    void eachModelAndModeHasItsOwn() {
        learn(false, 800, 10, 8);
        assertThat(rate()).isEqualTo(new OutputRate(125, 500));
        learn(true, 2000, 10, 8);
        assertThat(rate()).isEqualTo(new OutputRate(125, 300));
        assertThat(speeds.rate("other")).isEqualTo(USUAL);
    }

    /** A response that was asked to be fast may not be: the ledger assumes the standard rate of it then. */
    @Test
    void theFastModeIsNeverSlower() {
        learn(true, 500, 10, 8);
        assertThat(rate()).isEqualTo(new OutputRate(250, 250));
    }

    @Test
    void allClientsOfAModelCount() {
        learn("ann", BodyPrompt.TEXT, false, 600, 10, 7);
        learn("bob", BodyPrompt.TEXT, false, 1000, 10, 1);
        assertThat(rate().standard()).isEqualTo(150);
    }

    @Test
    void learnsNothingWhereTheUpstreamRunsTools() {
        learn("ann", new BodyPrompt(false, true, false, false, 0, 0, 0), false, 800, 10, 100);
        assertThat(rate()).isEqualTo(USUAL);
    }

    private OutputRate rate() {
        return speeds.rate("claude");
    }

    private void learn(boolean fast, long tokens, long seconds, int times) {
        learn("ann", BodyPrompt.TEXT, fast, tokens, seconds, times);
    }

    private void learn(String client, BodyPrompt prompt, boolean fast, long tokens, long seconds, int times) {
        var request = new MeteredRequest(
                "req_1",
                client,
                "claude",
                Dialect.ANTHROPIC,
                100,
                prompt,
                true,
                false,
                1000,
                PromptTokens.LONGEST,
                Optional.empty(),
                OutputRate.DEFAULT);
        for (int i = 0; i < times; i++) {
            speeds.learn(request, fast, tokens, TimeUnit.SECONDS.toNanos(seconds));
        }
    }
}
