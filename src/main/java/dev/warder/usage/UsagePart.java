package dev.warder.usage;

import java.util.Optional;

/**
 * The consumption of one model in one part of a message. Immutable.
 *
 * @param model the model that was run; empty if the upstream did not name it
 * @param longestPrompt tokens of the longest prompt; the price depends on it. All prompts of a part have the same price
 * @param free whether it is not billed, since the model declined before it had generated anything
 */
record UsagePart(Optional<String> model, UsageCounts counts, long longestPrompt, boolean free) {
    static UsagePart of(Optional<String> model, UsageCounts counts, boolean free) {
        return new UsagePart(model, counts, counts.prompt(), free);
    }

    UsagePart plus(UsagePart other) {
        return new UsagePart(
                model, counts.plus(other.counts), Math.max(longestPrompt, other.longestPrompt), free && other.free);
    }

    UsagePart withAtLeast(long output) {
        var c = counts;
        if (c.output() >= output) {
            return this;
        }
        var changed =
                new UsageCounts(c.input(), c.writes(), c.read(), output, c.thinking(), c.webSearches(), c.webFetches());
        return new UsagePart(model, changed, longestPrompt, free);
    }
}
