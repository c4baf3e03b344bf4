package dev.warder.usage;

import dev.warder.prices.CacheWrites;
import dev.warder.prices.Speed;
import dev.warder.prices.UsageCounts;
import dev.warder.usage.UsageCost.Basis;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * How the counts of a try that has ended are found. Immutable.
 *
 * <p>A message that is whole has reported them. A try that the upstream refused, or that did not reach it, consumed nothing,
 * as far as is known. In all other cases the upstream goes on to generate, at least for a while, and bills it: the counts are
 * then bounds. Bounds are of statistical nature: they are learned from earlier requests of this kind, or few texts have less than
 * two bytes a token, and few models are faster than the {@link OutputRate}.
 *
 * @param atLeast the fewest output tokens of the message
 * @param prompt the tokens of the prompt where the upstream has not reported them
 * @param hour whether these are written to the cache for an hour
 */
record Settlement(Basis basis, long atLeast, long prompt, boolean hour) {
    private static final Settlement REPORTED = new Settlement(Basis.REPORTED, 0, 0, false);
    private static final Settlement NOTHING = new Settlement(Basis.ASSUMED, 0, 0, false);

    /**
     * How the counts of a try are found.
     *
     * @param usual how fast models generate about which nothing was learned
     * @param now the current time of the clock that never goes back
     */
    static Settlement of(TryUsage used, TryResult result, RequestFacts facts, OutputRate usual, long now) {
        if (used.isFinal()) {
            return REPORTED;
        }
        var bounds = facts.bounds().orElse(new UsageBounds(PromptTokens.FEW, PromptTokens.LONGEST, usual));
        if (used.hasStarted()) {
            long nanos = Math.min(now - used.started(), result.time().toNanos());
            return new Settlement(Basis.ESTIMATED, output(used, facts, bounds.rate(), nanos), 0, false);
        }
        if (consumedNothing(used, result)) {
            return NOTHING;
        }
        long output = output(used, facts, bounds.rate(), result.time().toNanos());
        long prompt = prompt(result, facts, bounds);
        return new Settlement(Basis.ESTIMATED, output, prompt, facts.costs().cachesForAnHour());
    }

    /** The parts of the try. Where nothing was reported, there is one. */
    List<UsagePart> parts(MessageUsage message, Function<UsagePart, Object> price) {
        if (prompt > 0 || basis == Basis.ASSUMED) {
            // A prompt is usually written to the cache, which is dearer than plain input.
            var writes = hour ? new CacheWrites(0, prompt) : new CacheWrites(prompt, 0);
            var bound = new UsageCounts(0, writes, 0, atLeast, 0, 0, 0);
            return List.of(UsagePart.of(message.model(), bound, false));
        }
        var parts = new ArrayList<>(new UsageParts(message, price).all());
        var first = parts.get(0);
        if (first.counts().output() < atLeast) {
            parts.set(0, first.withOutput(atLeast));
        }
        return parts;
    }

    private static boolean consumedNothing(TryUsage used, TryResult result) {
        if (result.status().isPresent() && !result.isSuccessful()) {
            return true;
        }
        return switch (result.end()) {
            case UNANSWERED -> true;
            case CANCELLED, UNKNOWN -> !result.sent();
            // A stream that failed before its message began. A whole document comes after it was generated.
            default ->
                !used.isUnreadable()
                        && used.pieces() == 0
                        && (used.hasError() || result.end() == TryEnd.CUT_OFF && used.isStream());
        };
    }

    private static long prompt(TryResult result, RequestFacts facts, UsageBounds bounds) {
        long bytes = facts.length().orElse(result.requestBytes());
        return PromptTokens.most(facts.costs().prompt(), bytes, bounds.tokensPerByte(), bounds.longestPrompt());
    }

    /** What was seen or could be generated in the time, whichever is more, but no more than the client accepts. */
    private static long output(TryUsage used, RequestFacts facts, OutputRate rate, long nanos) {
        boolean fast = used.hasStarted()
                ? used.message().pricedSpeed() == Speed.FAST
                : facts.costs().fast();
        long possible = Math.min(UsageCounts.MOST, rate.tokens(nanos, fast));
        long bound =
                Math.max(used.pieces(), Math.min(possible, facts.maxTokens().orElse(Long.MAX_VALUE)));
        return Math.max(bound, used.soFar().output());
    }
}
