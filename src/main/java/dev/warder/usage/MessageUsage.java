package dev.warder.usage;

import dev.warder.json.BodyCosts;
import dev.warder.json.JsonTree;
import dev.warder.stream.Usage;
import dev.warder.usage.UsageCounts.CacheWrites;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * The reported usage of a message so far. Immutable.
 *
 * @param model the model that generates it
 * @param top the counts of the {@code usage} object itself
 * @param counts the same as they are priced, each kind of token once
 * @param samples its {@code iterations}, in their order
 * @param tier the word of {@code service_tier}
 * @param speed the word of {@code speed}
 * @param geo the word of {@code inference_geo}
 * @param stopReason why the model stopped; there is none before the end of the message
 */
record MessageUsage(
        Optional<String> model,
        Usage top,
        UsageCounts counts,
        List<Sample> samples,
        Optional<String> tier,
        Optional<String> speed,
        Optional<String> geo,
        Optional<String> stopReason) {
    static final MessageUsage NONE = new MessageUsage(
            Optional.empty(),
            Usage.NONE,
            UsageCounts.NONE,
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    private static final String FAST = "fast";
    private static final String REFUSAL = "refusal";

    MessageUsage {
        samples = List.copyOf(samples);
    }

    /** A message with its usage: that of {@code message_start}, or a whole one. */
    MessageUsage message(JsonObject message) {
        var named = reported(message, "model").or(() -> model);
        return with(named, message, JsonTree.object(message, "usage"));
    }

    MessageUsage delta(JsonObject delta, JsonObject usage) {
        return with(model, delta, usage);
    }

    /** @param stopping may say why the model stopped */
    private MessageUsage with(Optional<String> named, JsonObject stopping, JsonObject usage) {
        var ran = Sample.all(usage);
        var sum = top.with(usage);
        return new MessageUsage(
                named,
                sum,
                counts(sum),
                ran.isEmpty() ? samples : ran,
                reported(usage, "service_tier").or(() -> tier),
                reported(usage, "speed").or(() -> speed),
                reported(usage, "inference_geo").or(() -> geo),
                reported(stopping, "stop_reason").or(() -> stopReason));
    }

    MessageUsage orAsked(BodyCosts asked) {
        return new MessageUsage(
                model,
                top,
                counts,
                samples,
                tier,
                speed.or(() -> asked.fast() ? Optional.of(FAST) : Optional.empty()),
                geo.or(asked::geo),
                stopReason);
    }

    /** The text of a member, cut to 256 characters; empty if there is none or it has no character. */
    private static Optional<String> reported(JsonObject parent, String name) {
        String text = JsonTree.text(parent, name);
        return text.isEmpty() ? Optional.empty() : Optional.of(UsageRow.cut(text));
    }

    /** The counts of a {@code usage} object as they are priced, each kind of token once. */
    private static UsageCounts counts(Usage usage) {
        return new UsageCounts(
                usage.input(),
                CacheWrites.of(usage.cacheCreation(), usage.cacheCreation5m(), usage.cacheCreation1h()),
                usage.cacheRead(),
                usage.output(),
                usage.thinking(),
                usage.webSearches(),
                usage.webFetches());
    }

    /** Whether the message has reported that it is at its end, so that its counts are final. */
    boolean isFinal() {
        return stopReason.isPresent();
    }

    /** Whether a model declined before it had generated anything: its tokens are reported, and not billed. */
    boolean isFree() {
        return stopReason.filter(REFUSAL::equals).isPresent() && counts.output() == 0;
    }

    Tier pricedTier() {
        return switch (tier.orElse("")) {
            case "priority" -> Tier.PRIORITY;
            case "batch" -> Tier.BATCH;
            default -> Tier.STANDARD;
        };
    }

    Speed pricedSpeed() {
        return speed.filter(FAST::equals).isPresent() ? Speed.FAST : Speed.STANDARD;
    }

    boolean hasKnownConditions() {
        return List.of("standard", "priority", "batch").contains(tier.orElse("standard"))
                && List.of("standard", FAST).contains(speed.orElse("standard"));
    }

    /**
     * One entry of {@code usage.iterations}: one time that a model was run within a message. Immutable.
     *
     * @param kind the word that the upstream has for it
     * @param model the model that was run; empty for that of the message
     */
    record Sample(String kind, Optional<String> model, UsageCounts counts) {
        private static final String MESSAGE = "message";

        /** The most entries that are read, so that one response makes few rows. No message comes near it. */
        private static final int MOST = 100;

        private static final String FALLBACK = "fallback_message";

        static Sample of(JsonObject entry) {
            return new Sample(
                    reported(entry, "type").orElse(""),
                    reported(entry, "model"),
                    MessageUsage.counts(Usage.NONE.with(entry)));
        }

        /** Whether another model than the requested one was run, since that one declined, and the result is in the message. */
        boolean isFallback() {
            return kind.equals(FALLBACK);
        }

        boolean isMessage() {
            return kind.equals(MESSAGE);
        }

        boolean isEmpty() {
            return counts.isNone();
        }

        static boolean areTooMany(JsonObject usage) {
            return JsonTree.array(usage, "iterations").size() > MOST;
        }

        /** The first 100 entries of a {@code usage} object. */
        static List<Sample> all(JsonObject usage) {
            return JsonTree.objects(usage, "iterations")
                    .limit(MOST)
                    .map(Sample::of)
                    .toList();
        }
    }
}
