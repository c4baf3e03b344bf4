package dev.warder.usage;

import java.util.function.ToLongFunction;

/**
 * Assumptions about models.
 *
 * @param rate how fast those generate about which nothing was learned
 * @param longestPrompt the most tokens of a prompt that the model of this name accepts; thread-safe, at least 1, and
 * never waits
 */
public record AssumedModels(OutputRate rate, ToLongFunction<String> longestPrompt) {}
