package dev.warder.budget.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.budget.bound.BoundKey;
import dev.warder.budget.bound.BoundKind;
import dev.warder.budget.bound.KeptBound;
import dev.warder.http.Dialect;
import dev.warder.json.BodyPrompt;
import dev.warder.usage.OutputRate;
import dev.warder.usage.PromptTokens;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplySizesTest {
    private static final long MOST = 64_000;

    private final LearnedBounds learned = new LearnedBounds(() -> 0);
    private final ReplySizes replies = new ReplySizes(WholeReplies.LEARNED, learned);

    @Test
    void holdAllUntilThereWereEnough() {
        learn(5000, 999);
        assertThat(tokens("ann")).isEqualTo(MOST);
        learn(5000, 1);
        assertThat(tokens("ann")).isEqualTo(5000);
        assertThat(tokens("bob")).isEqualTo(MOST);
        assertThat(replies.tokens("ann", "other", MOST)).isEqualTo(MOST);
    }

    @Test
    void holdTheLargestOfAtLeastTheLast1000() {
        learn(9000, 1);
        learn(2000, 1999);
        assertThat(tokens("ann")).isEqualTo(9000);
        learn(2000, 1);
        assertThat(tokens("ann")).isEqualTo(2000);
        learn(8000, 1);
        learn(2000, 1000);
        assertThat(tokens("ann")).isEqualTo(8000);
    }

    @Test
    void neverHoldMoreThanTheRequestAcceptsNorLessThanASlice() {
        learn(10, 1000);
        assertThat(tokens("ann")).isEqualTo(Bounds.SLICE);
        assertThat(replies.tokens("ann", "claude", 200)).isEqualTo(200);
        learn(70_000, 1);
        assertThat(tokens("ann")).isEqualTo(MOST);
    }

    @Test
    void countThoseBeforeARestart() {
        learned.addKept(List.of(new KeptBound(new BoundKey("ann", "claude", BoundKind.REPLY), 7000, 600)));
        learn(3000, 399);
        assertThat(tokens("ann")).isEqualTo(MOST);
        learn(3000, 1);
        assertThat(tokens("ann")).isEqualTo(7000);
        learn(3000, 1000);
        assertThat(tokens("ann")).isEqualTo(7000);
    }

    @Test
    void holdAllUnlessTheOperatorWantsLess() {
        learn(5000, 1000);
        assertThat(new ReplySizes(WholeReplies.FULL, learned).tokens("ann", "claude", MOST))
                .isEqualTo(MOST);
    }

    private long tokens(String client) {
        return replies.tokens(client, "claude", MOST);
    }

    private void learn(long tokens, int times) {
        var request = new MeteredRequest(
                "req_1",
                "ann",
                "claude",
                Dialect.ANTHROPIC,
                100,
                BodyPrompt.TEXT,
                false,
                true,
                MOST,
                PromptTokens.LONGEST,
                Optional.empty(),
                OutputRate.DEFAULT);
        for (int i = 0; i < times; i++) {
            replies.learn(request, tokens);
        }
    }
}
