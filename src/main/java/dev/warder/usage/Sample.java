package dev.warder.usage;

import dev.warder.json.JsonTree;
import dev.warder.stream.Usage;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;

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
                ReportedText.of(entry, "type").orElse(""),
                ReportedText.of(entry, "model"),
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
        return JsonTree.objects(usage, "iterations").limit(MOST).map(Sample::of).toList();
    }
}
