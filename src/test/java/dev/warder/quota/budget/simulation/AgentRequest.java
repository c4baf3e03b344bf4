package dev.warder.quota.budget.simulation;

import dev.warder.usage.CacheWrites;
import dev.warder.usage.PriceBook;
import dev.warder.usage.PriceConditions;
import dev.warder.usage.Speed;
import dev.warder.usage.Tier;
import dev.warder.usage.UsageCounts;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;

/**
 * One request of an agent, to Claude Opus 5.5 at its list prices. Immutable.
 *
 * @param prompt tokens of the prompt
 * @param written how many of them are written to the cache; the rest is read from it
 * @param output tokens of the response
 */
record AgentRequest(long prompt, long written, long output) {
    static final String MODEL = "claude-opus-5-5";

    /** What agents ask for, of which they need little. */
    static final long MAX_TOKENS = 128_000;

    static final long TOKENS_PER_SECOND = 80;

    private static final int BYTES_PER_TOKEN = 4;
    private static final long LONGEST_PROMPT = 1_000_000;
    private static final double MEDIAN_PROMPT = 60_000;
    private static final double SIGMA_PROMPT = 0.7;
    private static final double MEDIAN_OUTPUT = 500;
    private static final double SIGMA_OUTPUT = 1.25;
    private static final double MISSES = 0.04;
    private static final double WRITTEN = 0.05;

    private static final PriceConditions CONDITIONS = new PriceConditions(
            MODEL, Tier.STANDARD, Speed.STANDARD, Optional.of("global"), Instant.EPOCH.plusSeconds(1_800_000_000));

    static AgentRequest random(Random random) {
        long prompt = lognormal(random, MEDIAN_PROMPT, SIGMA_PROMPT, LONGEST_PROMPT);
        long written = random.nextDouble() < MISSES ? prompt : Math.round(prompt * WRITTEN);
        return new AgentRequest(prompt, written, lognormal(random, MEDIAN_OUTPUT, SIGMA_OUTPUT, MAX_TOKENS));
    }

    private static long lognormal(Random random, double median, double sigma, long most) {
        return Math.max(1, Math.min(most, Math.round(median * Math.exp(sigma * random.nextGaussian()))));
    }

    AgentRequest withOutputOf(AgentRequest other) {
        return new AgentRequest(prompt, written, other.output);
    }

    /** The length of its body. */
    long bytes() {
        return prompt * BYTES_PER_TOKEN;
    }

    /** What the upstream reports after this many tokens of the response. */
    UsageCounts counts(long generated) {
        return new UsageCounts(0, new CacheWrites(written, 0), prompt - written, generated, 0, 0, 0);
    }

    /** What the upstream bills after this many tokens of the response, in nano-dollars. */
    long cost(long generated) {
        return nanos(counts(generated));
    }

    private static long nanos(UsageCounts counts) {
        return PriceBook.shipped().cost(CONDITIONS, counts, BigDecimal.ONE).nanos();
    }
}
