package dev.warder.quota;

import dev.warder.gate.Inquiry;
import dev.warder.gate.LongestPrompt;
import dev.warder.usage.AssumedModels;
import dev.warder.usage.PriceSettings;
import java.math.BigDecimal;
import java.time.Instant;

/** Estimates of requests' costs, by the prices in use and by what the requests before have cost. Thread-safe. */
public final class Bounds {
    public static final long SLICE = 1000;

    /** For requests that name no {@code max_tokens}, which the API does not accept. */
    private static final long MOST_OUTPUT = 128_000;

    private final PriceSettings prices;
    private final PromptRatio ratios;
    private final OutputSpeeds speeds;
    private final AssumedModels models;
    private final LongestPrompt longestPrompt;

    public Bounds(PriceSettings prices, AssumedModels models, LearnedBounds learned) {
        this.prices = prices;
        this.models = models;
        this.longestPrompt = new LongestPrompt(models.longestPrompt());
        this.ratios = new PromptRatio(learned);
        this.speeds = new OutputSpeeds(models.rate(), learned);
    }

    public MeteredRequest metered(Inquiry inquiry) {
        long most = mostOutput(inquiry);
        String client = inquiry.client().name();
        String model = inquiry.model().orElse("");
        boolean whole = !inquiry.streams();
        var costs = inquiry.costs();
        return new MeteredRequest(
                inquiry.call().id(),
                client,
                model,
                inquiry.dialect(),
                inquiry.content().map(Inquiry.Content::length).orElse(0L),
                costs.prompt(),
                costs.fast(),
                whole,
                whole ? most : Math.min(most, SLICE),
                longestPrompt.of(inquiry),
                ratios.learned(client, model, costs.prompt()),
                costs.others().names().isEmpty() ? speeds.rate(model) : models.rate());
    }

    /**
     * The highest cost of a request.
     *
     * @param admitted when it was admitted, which decides about the prices
     */
    public CostBound of(Inquiry inquiry, MeteredRequest request, Instant admitted) {
        return CostBound.of(
                prices.book().get(), inquiry, admitted, ratios.tokens(request), mostOutput(inquiry), factor());
    }

    public void learnPrompt(MeteredRequest request, long tokens) {
        ratios.learn(request, tokens);
    }

    /** A request was sent, and has ended before the upstream had counted its prompt. */
    public void learnUncountedPrompt(MeteredRequest request) {
        ratios.learnUncounted(request);
    }

    public void end(MeteredRequest request) {
        ratios.end(request);
    }

    /**
     * A response had this many tokens.
     *
     * @param fast whether they were generated in the fast mode
     * @param nanos the time after the upstream had counted its prompt, in nanoseconds
     */
    public void learnResponse(MeteredRequest request, boolean fast, long tokens, long nanos) {
        if (!request.whole()) {
            speeds.learn(request, fast, tokens, nanos);
        }
    }

    private static long mostOutput(Inquiry inquiry) {
        long once = Math.max(1, inquiry.maxTokens().orElse(MOST_OUTPUT));
        long times = 1L + inquiry.costs().others().runs();
        return once > Long.MAX_VALUE / times ? Long.MAX_VALUE : once * times;
    }

    private BigDecimal factor() {
        var factors = prices.factors();
        return factors.names().stream().map(factors::of).reduce(BigDecimal.ONE, BigDecimal::max);
    }
}
