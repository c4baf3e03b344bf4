package dev.warder.usage;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Divides the usage of a message into the parts that have prices of their own.
 *
 * <p>The counts at the top of {@code usage} are those of the message alone. They do not have what a compaction, an advisor or
 * a model that declined consumed: only {@code iterations} has. Where it has several entries for the message itself, the top
 * has their sum, or at some versions of the API the prompt of the first only; the larger count is right. Each entry is a
 * prompt of its own, and the length of that prompt selects its price.
 */
final class UsageParts {
    private final MessageUsage usage;
    private final Function<UsagePart, Object> price;
    private final boolean fellBack;

    UsageParts(MessageUsage usage, Function<UsagePart, Object> price) {
        this.usage = usage;
        this.price = price;
        this.fellBack = usage.samples().stream().anyMatch(Sample::isFallback);
    }

    List<UsagePart> all() {
        var message = new LinkedHashMap<Object, UsagePart>();
        var others = new LinkedHashMap<Object, UsagePart>();
        for (var sample : usage.samples()) {
            boolean own = isOfMessage(sample);
            var part = part(sample, own);
            if (!sample.isEmpty()) {
                (own ? message : others).merge(key(sample, part), part, UsagePart::plus);
            }
        }
        var parts = new ArrayList<>(message.values());
        completeFirst(parts);
        parts.addAll(others.values());
        return parts;
    }

    private UsagePart part(Sample sample, boolean own) {
        boolean declined = fellBack && sample.isMessage() && !own;
        boolean free = own ? usage.isFree() : declined && sample.counts().output() == 0;
        return UsagePart.of(own ? usage.model() : sample.model().or(usage::model), sample.counts(), free);
    }

    private Object key(Sample sample, UsagePart part) {
        return List.of(sample.isFallback() ? "message" : sample.kind(), part.model(), part.free(), price.apply(part));
    }

    private boolean isOfMessage(Sample sample) {
        if (sample.isFallback()) {
            return true;
        }
        boolean sameModel = sample.model().isEmpty() || sample.model().equals(usage.model());
        return sample.isMessage() && (sameModel || !fellBack);
    }

    private void completeFirst(List<UsagePart> parts) {
        var top = usage.counts();
        if (parts.isEmpty()) {
            parts.add(UsagePart.of(usage.model(), top, usage.isFree()));
            return;
        }
        var sum = parts.stream().reduce(UsagePart::plus).orElseThrow().counts();
        var rest = new UsageCounts(
                rest(top.input(), sum.input()),
                restOfWrites(parts, top.writes(), sum.writes()),
                rest(top.read(), sum.read()),
                rest(top.output(), sum.output()),
                rest(top.thinking(), sum.thinking()),
                rest(top.webSearches(), sum.webSearches()),
                rest(top.webFetches(), sum.webFetches()));
        var first = parts.get(0);
        var added = new UsagePart(Optional.empty(), rest, rest.prompt(), first.free());
        parts.set(0, parts.get(0).plus(added));
    }

    /**
     * The entries may lack the split by time. Then what the top has for an hour is taken from their five minutes, as far as
     * the first part has any.
     */
    private static CacheWrites restOfWrites(List<UsagePart> parts, CacheWrites top, CacheWrites sum) {
        long hour = rest(top.oneHour(), sum.oneHour());
        long more = rest(top.sum(), sum.sum());
        long moved = Math.min(hour, more);
        long unsplit = Math.min(hour - moved, parts.get(0).counts().writes().fiveMinutes());
        if (unsplit > 0) {
            parts.set(0, hourInsteadOfMinutes(parts.get(0), unsplit));
        }
        return new CacheWrites(more - moved, moved);
    }

    private static UsagePart hourInsteadOfMinutes(UsagePart part, long tokens) {
        var c = part.counts();
        var writes =
                new CacheWrites(c.writes().fiveMinutes() - tokens, c.writes().oneHour() + tokens);
        var changed =
                new UsageCounts(c.input(), writes, c.read(), c.output(), c.thinking(), c.webSearches(), c.webFetches());
        return new UsagePart(part.model(), changed, part.longestPrompt(), part.free());
    }

    private static long rest(long top, long sum) {
        return Math.max(0, top - sum);
    }
}
