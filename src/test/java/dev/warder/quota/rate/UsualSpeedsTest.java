package dev.warder.quota.rate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.usage.OutputRate;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UsualSpeedsTest {
    private static final String MODEL = "claude-haiku-4-5";
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final UsualSpeeds speeds = new UsualSpeeds(new OutputRate(250, 500));

    @Test
    void aModelIsAssumedToBeFastUntilOneOfItsResponsesIsKnown() {
        assertThat(speeds.tokens(MODEL, false, SECOND)).isEqualTo(250);
        assertThat(speeds.tokens(MODEL, true, SECOND)).isEqualTo(500);

        speeds.learn(MODEL, false, 800, 10 * SECOND);

        assertThat(speeds.tokens(MODEL, false, 2 * SECOND)).isEqualTo(160);
        assertThat(speeds.tokens(MODEL, true, SECOND)).isEqualTo(500);
        assertThat(speeds.tokens("claude-opus-5-5", false, SECOND)).isEqualTo(250);
    }

    @Test
    void isTheMeanOfTheLastResponses() {
        speeds.learn(MODEL, false, 100, SECOND);
        speeds.learn(MODEL, false, 200, SECOND);
        assertThat(speeds.tokens(MODEL, false, SECOND)).isEqualTo(150);
        for (int i = 0; i < 200; i++) {
            speeds.learn(MODEL, false, 100, SECOND);
        }
        assertThat(speeds.tokens(MODEL, false, SECOND)).isBetween(100L, 101L);
    }

    /** Their time is that until their first token, or that of a client that reads slowly. */
    @Test
    void ignoresShortResponsesAndIsNeverTooSlowOrTooFast() {
        speeds.learn(MODEL, false, 99, 10 * SECOND);
        assertThat(speeds.tokens(MODEL, false, SECOND)).isEqualTo(250);
        speeds.learn(MODEL, false, 100, 1000 * SECOND);
        assertThat(speeds.tokens(MODEL, false, SECOND)).isEqualTo(25);
        speeds.learn("other", false, 150, 1000);
        assertThat(speeds.tokens("other", false, SECOND)).isEqualTo(250);
        speeds.learn("other", false, 150, SECOND);
        assertThat(speeds.tokens("other", false, SECOND)).isEqualTo(200);
    }
}
