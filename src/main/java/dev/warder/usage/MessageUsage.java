package dev.warder.usage;

import dev.warder.json.BodyCosts;
import dev.warder.json.JsonTree;
import dev.warder.stream.Usage;
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
        var named = ReportedText.of(message, "model").or(() -> model);
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
                ReportedText.of(usage, "service_tier").or(() -> tier),
                ReportedText.of(usage, "speed").or(() -> speed),
                ReportedText.of(usage, "inference_geo").or(() -> geo),
                ReportedText.of(stopping, "stop_reason").or(() -> stopReason));
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

    /** The counts of a {@code usage} object as they are priced, each kind of token once. */
    static UsageCounts counts(Usage usage) {
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
}
