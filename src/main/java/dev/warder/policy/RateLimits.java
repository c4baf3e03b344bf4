package dev.warder.policy;

import dev.warder.config.ModelPattern;
import dev.warder.config.ModelSuffix;
import dev.warder.json.ObjectReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much may be used at most, of each kind that is present. Immutable.
 *
 * @param requests requests in a minute; those that run a model and all others count separately
 * @param inputTokens tokens of prompts in a minute, those that were read from the upstream's cache excepted
 * @param outputTokens tokens of responses in a minute
 * @param concurrent requests that run a model at the same time
 */
public record RateLimits(
        OptionalLong requests, OptionalLong inputTokens, OptionalLong outputTokens, OptionalLong concurrent) {
    static final String MEMBER = "limits";

    public static final String REQUESTS = "requests_per_minute";
    private static final String INPUT_TOKENS = "input_tokens_per_minute";
    private static final String OUTPUT_TOKENS = "output_tokens_per_minute";
    private static final String CONCURRENT = "concurrent_requests";
    private static final List<String> MEMBERS = List.of(REQUESTS, INPUT_TOKENS, OUTPUT_TOKENS, CONCURRENT);
    private static final long MOST_IN_A_MINUTE = 1_000_000_000_000L;
    private static final long MOST_CONCURRENT = 1_000_000;

    public static final RateLimits NONE =
            new RateLimits(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    /** Reads the member {@code limits} wherever it occurs. */
    static RateLimits read(ObjectReader owner) {
        var found = owner.child(MEMBER, MEMBERS);
        if (found.isEmpty()) {
            return NONE;
        }
        var limits = found.get();
        if (limits.isEmpty()) {
            owner.problem(MEMBER, "must not be empty; leave it out for no limit");
        }
        return new RateLimits(
                limits.count(REQUESTS, MOST_IN_A_MINUTE),
                limits.count(INPUT_TOKENS, MOST_IN_A_MINUTE),
                limits.count(OUTPUT_TOKENS, MOST_IN_A_MINUTE),
                limits.count(CONCURRENT, MOST_CONCURRENT));
    }

    /** The limits that are present, by the names of their members. */
    public Map<String, Long> numbers() {
        var numbers = new LinkedHashMap<String, Long>();
        requests.ifPresent(number -> numbers.put(REQUESTS, number));
        inputTokens.ifPresent(number -> numbers.put(INPUT_TOKENS, number));
        outputTokens.ifPresent(number -> numbers.put(OUTPUT_TOKENS, number));
        concurrent.ifPresent(number -> numbers.put(CONCURRENT, number));
        return numbers;
    }

    /** Whether they cannot be applied to a request whose content is not read: its tokens count, or how long it runs. */
    boolean needContent() {
        return inputTokens.isPresent() || outputTokens.isPresent() || concurrent.isPresent();
    }

    /**
     * Limits and whose they are. Immutable.
     *
     * @param scope client, team, organization or model
     * @param owner the name of the client or the team, or the pattern of the models; empty text for the organization
     * @param models the models that they limit; empty for all
     */
    public record Owned(Budget.Scope scope, String owner, RateLimits limits, Optional<ModelPattern> models) {
        Owned(Budget.Scope scope, String owner, RateLimits limits) {
            this(scope, owner, limits, Optional.empty());
        }

        public boolean countsModel(String model) {
            return models.isEmpty()
                    || models.get().matches(model)
                    || models.get().matches(ModelSuffix.strip(model));
        }
    }
}
