package dev.warder.policy;

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
    public static final RateLimits NONE =
            new RateLimits(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    /** Whether they cannot be applied to a request whose content is not read: its tokens count, or how long it runs. */
    boolean needContent() {
        return inputTokens.isPresent() || outputTokens.isPresent() || concurrent.isPresent();
    }
}
