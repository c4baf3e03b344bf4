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
        var a = counts;
        var b = other.counts;
        var writes = new CacheWrites(
                sum(a.writes().fiveMinutes(), b.writes().fiveMinutes()),
                sum(a.writes().oneHour(), b.writes().oneHour()));
        var sum = new UsageCounts(
                sum(a.input(), b.input()),
                writes,
                sum(a.read(), b.read()),
                sum(a.output(), b.output()),
                sum(a.thinking(), b.thinking()),
                sum(a.webSearches(), b.webSearches()),
                sum(a.webFetches(), b.webFetches()));
        return new UsagePart(model, sum, Math.max(longestPrompt, other.longestPrompt), free && other.free);
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

    private static long sum(long a, long b) {
        return Math.min(UsageCounts.MOST, a + b);
    }
}
