package dev.warder.adminapi;

import dev.warder.adminapi.RateLimitDocument.Group;
import dev.warder.http.Sha256;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.OwnedLimits;
import dev.warder.policy.RateLimits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The subject of some limits: all requests that run a model, those that count tokens or list models, or those of some
 * models.
 * Immutable.
 *
 * @param position its place in lists, unique; it does not depend on what else is in them
 * @param type of the Rate Limits API
 * @param title for people
 * @param models the names and patterns of models; empty where no model runs
 */
record RateLimitGroup(String position, String type, String title, Optional<String> models) {
    static final String MODELS = "model_group";
    static final String TOKEN_COUNT = "token_count";

    static final RateLimitGroup ALL = new RateLimitGroup("a", MODELS, "All models", Optional.of("*"));

    /** Requests that run no model: they have a limit of requests of their own, which is as high. */
    static final RateLimitGroup COUNTS = new RateLimitGroup("b", TOKEN_COUNT, "", Optional.empty());

    private static final String REQUESTS = "requests_per_minute";
    private static final int ID_BYTES = 12;

    static RateLimitGroup of(String pattern) {
        return new RateLimitGroup("c" + pattern, MODELS, pattern, Optional.of(pattern));
    }

    static Map<RateLimitGroup, Map<String, Long>> of(OwnedLimits owned) {
        var groups = new LinkedHashMap<RateLimitGroup, Map<String, Long>>();
        if (owned.scope() == BudgetScope.MODEL) {
            groups.put(of(owned.owner()), numbers(owned.limits()));
        } else {
            groups.putAll(ofAll(owned.limits()));
        }
        return groups;
    }

    static Map<RateLimitGroup, Map<String, Long>> ofAll(RateLimits limits) {
        var groups = new LinkedHashMap<RateLimitGroup, Map<String, Long>>();
        var numbers = numbers(limits);
        if (!numbers.isEmpty()) {
            groups.put(ALL, numbers);
        }
        limits.requests().ifPresent(number -> groups.put(COUNTS, Map.of(REQUESTS, number)));
        return groups;
    }

    private static Map<String, Long> numbers(RateLimits limits) {
        var numbers = new LinkedHashMap<String, Long>();
        add(numbers, REQUESTS, limits.requests());
        add(numbers, "input_tokens_per_minute", limits.inputTokens());
        add(numbers, "output_tokens_per_minute", limits.outputTokens());
        add(numbers, "concurrent_requests", limits.concurrent());
        return numbers;
    }

    private static void add(Map<String, Long> numbers, String type, OptionalLong number) {
        number.ifPresent(present -> numbers.put(type, present));
    }

    boolean has(String model, List<OwnedLimits> shared) {
        return models.isPresent()
                && (this.equals(ALL)
                        || shared.stream()
                                .filter(each -> each.scope() == BudgetScope.MODEL)
                                .anyMatch(each -> each.owner().equals(title) && each.countsModel(model)));
    }

    String entryId() {
        return "rl_" + Sha256.hex("entry " + position, ID_BYTES);
    }

    Group document() {
        return new Group(
                "rlg_" + Sha256.hex("group " + position, ID_BYTES),
                title.isEmpty() ? Optional.empty() : Optional.of(title),
                type);
    }
}
