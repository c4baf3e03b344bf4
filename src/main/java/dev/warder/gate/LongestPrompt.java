package dev.warder.gate;

import dev.warder.http.Fields;
import dev.warder.usage.PromptTokens;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * The longest prompt that the models of a request accept. Thread-safe.
 *
 * @param ofModel the most tokens of a prompt that the model of this name accepts; thread-safe, at least 1, and never waits
 */
public record LongestPrompt(ToLongFunction<String> ofModel) {
    private static final String BETAS = "anthropic-beta";

    /** With a beta of this kind, some models accept longer prompts than they do otherwise. */
    private static final String LONG_CONTEXT = "context-1m";

    /**
     * A prompt that is text has a bound of its own. Each tool that the upstream runs reads the prompt again, and all of it is
     * reported as one prompt.
     *
     * @return in tokens, at least 1
     */
    public long of(Inquiry inquiry) {
        var costs = inquiry.costs();
        var prompt = costs.prompt();
        long ofModels = 0;
        for (var model : costs.others().names()) {
            ofModels = Math.max(ofModels, ofModel.applyAsLong(model));
        }
        if (inquiry.model().isPresent()) {
            ofModels = Math.max(ofModels, ofModel.applyAsLong(inquiry.model().get()));
        }
        boolean limited = prompt.refersElsewhere() || prompt.hasFile() || prompt.kept() > 0;
        return ofModels > 0 && limited && !prompt.mayGrow() && !asksForLongContext(inquiry)
                ? ofModels
                : Math.max(PromptTokens.LONGEST, ofModels);
    }

    private static boolean asksForLongContext(Inquiry inquiry) {
        return inquiry.fields().stream()
                .anyMatch(field -> Fields.hyphenated(field.name()).equalsIgnoreCase(BETAS)
                        && field.value().toLowerCase(Locale.ROOT).contains(LONG_CONTEXT));
    }
}
