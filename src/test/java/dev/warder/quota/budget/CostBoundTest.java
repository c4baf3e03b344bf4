package dev.warder.quota.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.LivePolicy;
import dev.warder.usage.CacheWrites;
import dev.warder.usage.PriceBook;
import dev.warder.usage.PriceConditions;
import dev.warder.usage.Rows;
import dev.warder.usage.Speed;
import dev.warder.usage.Tier;
import dev.warder.usage.UsageCounts;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostBoundTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    /** Five times as expensive from 100,001 tokens of its prompt on. */
    private static final String MODEL = "claude-haiku-5-5";

    private static final long OUTPUT = 64_000;

    private final PriceBook book = Rows.shipped("").book().get();

    /** The price of the response depends on the prompt, and an estimate can be too low. */
    @ParameterizedTest
    @CsvSource({
        "50000, 99000",
        "50000, 100000",
        "50000, 100001",
        "50000, 110000",
        "99000, 101000",
        "150000, 99000",
        "150000, 160000"
    })
    void holdsWhatTheCountedPromptAndTheResponseCost(long estimated, long prompt) throws Exception {
        var bound = bound(estimated);
        var counted = new UsageCounts(prompt, CacheWrites.NONE, 0, 1, 0, 0, 0);
        long held = bound.with(bound.promptCost(counted), bound.outputToken(counted), OUTPUT);
        assertThat(held).isGreaterThanOrEqualTo(cost(prompt));
    }

    @ParameterizedTest
    @CsvSource({"100000", "100001", "200000"})
    void holdsWhatTheEstimatedPromptAndTheResponseCost(long prompt) throws Exception {
        assertThat(bound(prompt).with(OUTPUT)).isGreaterThanOrEqualTo(cost(prompt));
    }

    private CostBound bound(long promptTokens) throws Exception {
        var policy = new LivePolicy(Optional.empty());
        policy.accept("{\"version\": 1, \"clients\": [{\"name\": \"ada\", \"kind\": \"person\"}]}"
                .getBytes(StandardCharsets.UTF_8));
        var inquiry = Inquiries.of("req-1", MODEL, "\"max_tokens\":" + OUTPUT + ",\"stream\":true", policy.current());
        return CostBound.of(book, inquiry, NOW, promptTokens, OUTPUT, BigDecimal.ONE);
    }

    private long cost(long prompt) {
        var conditions = new PriceConditions(MODEL, Tier.STANDARD, Speed.STANDARD, Optional.of("us"), NOW);
        var counts = new UsageCounts(prompt, CacheWrites.NONE, 0, OUTPUT, 0, 0, 0);
        return book.cost(conditions, counts, BigDecimal.ONE).nanos();
    }
}
