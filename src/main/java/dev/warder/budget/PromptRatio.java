package dev.warder.budget;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.usage.PromptTokens;
import java.util.LinkedHashMap;
import java.util.Map;

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

    private static final int REMEMBERED = 10_000;
    private static final int SAMPLES = 16;
    private static final double MARGIN = 1.1;

    private static final double OF_TEXT = 1;

    private static final long FEW_BYTES = 1000;

    /** Of the last requests; with files, of all, since a client could send many that are harmless. */
    private static final class Samples {
        private final boolean keepsAll;
        private final float[] last = new float[SAMPLES];
        private int count;

        private double largestOfAll;

        Samples(boolean keepsAll) {
            this.keepsAll = keepsAll;
        }

        void add(double ratio) {
            largestOfAll = Math.max(largestOfAll, ratio);
            last[count % SAMPLES] = (float) ratio;
            count++;
        }

        double largest() {
            // However few tokens the earlier requests had; the ledger assumes as many for a prompt that was not
            // counted.
            double largest = Math.max(PromptTokens.FEW, keepsAll ? largestOfAll : 0);
            for (int i = 0; i < Math.min(count, SAMPLES); i++) {
                largest = Math.max(largest, last[i]);
            }
            return largest;
        }
    }

    private record Key(String client, String model, boolean hasFile) {
        static Key of(MeteredRequest request) {
            return new Key(request.client(), request.model(), request.prompt().hasFile());
        }
    }

    @GuardedBy("this")
    private final Map<Key, Samples> known = new LinkedHashMap<>(16, 0.75f, true);

    PromptRatio() {}

    /** The most tokens of the prompt of a request. */
    synchronized long tokens(MeteredRequest request) {
        var samples = known.get(Key.of(request));
        boolean hasFile = request.prompt().hasFile();
        double most = hasFile ? PromptTokens.LONGEST : OF_TEXT;
        double ratio = samples == null ? most : Math.min(most, samples.largest() * MARGIN);
        long tokens = PromptTokens.most(request.prompt(), request.bytes(), ratio);
        return Math.min(PromptTokens.LONGEST, tokens + ADDED);
    }

    /** The upstream has counted a prompt. */
    synchronized void learn(MeteredRequest request, long tokens) {
        long bytes = request.bytes() - request.prompt().imageBytes();
        boolean hasFile = request.prompt().hasFile();
        if (request.prompt().isUnbounded() || bytes < FEW_BYTES && !hasFile) {
            return;
        }
        known.computeIfAbsent(Key.of(request), none -> new Samples(hasFile)).add((double) tokens / Math.max(1, bytes));
        if (known.size() > REMEMBERED) {
            known.remove(known.keySet().iterator().next());
        }
    }
}
