package dev.warder.budget;

import dev.warder.budget.bound.BoundKey;
import dev.warder.budget.bound.BoundKind;
import dev.warder.usage.PromptTokens;

/**
 * How many tokens the prompts of a client have for each byte of its requests, learned from what the upstream reported. A token
 * of a text is at least one byte, so that an unknown client holds a token for each byte. Files in the body may be packed: an
 * unknown client holds the longest prompt then. Thread-safe.
 *
 * <p>What is learned is the largest of the last responses, with a margin. It is not exact: a client can change its language. What
 * was held too little is held once the upstream has counted the prompt, within seconds; see {@link BudgetMeter}.
 */
final class PromptRatio {
    /** Tokens that a request has in addition to those of its bytes: what the API adds for tools. */
    static final long ADDED = 1000;

    private static final double MARGIN = 1.1;

    private static final double OF_TEXT = 1;

    private static final long FEW_BYTES = 1000;

    /** What is learned has this unit. */
    private static final double MILLIONTH = 1e-6;

    private final LearnedBounds learned;
    private final UncountedFiles files = new UncountedFiles();

    PromptRatio(LearnedBounds learned) {
        this.learned = learned;
    }

    /**
     * The most tokens of the prompt of a request. While a request with files waits for its count, all others of the client with
     * files may have the longest prompt.
     */
    long tokens(MeteredRequest request) {
        boolean hasFile = request.prompt().hasFile();
        double most = hasFile ? PromptTokens.LONGEST : OF_TEXT;
        double ratio = learned.find(key(request))
                .filter(known -> !hasFile || files.begin(request))
                .map(known -> Math.min(most, withMargin(known.largest() * MILLIONTH)))
                .orElse(most);
        long tokens = PromptTokens.most(request.prompt(), request.bytes(), ratio);
        return Math.min(PromptTokens.LONGEST, tokens + ADDED);
    }

    /** The upstream has counted a prompt. */
    void learn(MeteredRequest request, long tokens) {
        end(request);
        long bytes = request.bytes() - request.prompt().imageBytes();
        boolean hasFile = request.prompt().hasFile();
        if (request.prompt().isUnbounded() || bytes < FEW_BYTES && !hasFile) {
            return;
        }
        double ratio = (double) tokens / Math.max(1, bytes);
        learned.add(key(request), (long) Math.ceil(ratio / MILLIONTH));
    }

    /** The request has ended, perhaps before its prompt was counted. */
    void end(MeteredRequest request) {
        files.end(request);
    }

    /** However few tokens the earlier requests had; the ledger assumes as many for a prompt that was not counted. */
    private static double withMargin(double ratio) {
        return Math.max(PromptTokens.FEW, ratio) * MARGIN;
    }

    private static BoundKey key(MeteredRequest request) {
        var kind = request.prompt().hasFile() ? BoundKind.FILE : BoundKind.TEXT;
        return new BoundKey(request.client(), request.model(), kind);
    }
}
