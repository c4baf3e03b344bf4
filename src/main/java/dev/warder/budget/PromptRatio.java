package dev.warder.budget;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many tokens the prompts of a client have for each byte of its requests, learned from what the upstream reported. A token
 * is at least one byte, so that an unknown client holds a token for each byte. Thread-safe.
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

    /** However few tokens the earlier requests had; the ledger assumes as many for a prompt that was not counted. */
    private static final double LEAST = 0.5;

    private static final double FEW_BYTES = 1000;

    /** Of the last requests. */
    private static final class Samples {
        private final float[] last = new float[SAMPLES];
        private int count;

        void add(double ratio) {
            last[count % SAMPLES] = (float) ratio;
            count++;
        }

        double largest() {
            double largest = LEAST;
            for (int i = 0; i < Math.min(count, SAMPLES); i++) {
                largest = Math.max(largest, last[i]);
            }
            return largest;
        }
    }

    private record Key(String client, String model) {}

    @GuardedBy("this")
    private final Map<Key, Samples> known = new LinkedHashMap<>(16, 0.75f, true);

    PromptRatio() {}

    /** The most tokens of a prompt in a request of this many bytes. */
    synchronized long tokens(String client, String model, long bytes) {
        var samples = known.get(new Key(client, model));
        double ratio = samples == null ? 1 : Math.min(1, samples.largest() * MARGIN);
        return (long) Math.ceil(bytes * ratio) + ADDED;
    }

    /** The upstream has counted a prompt. */
    synchronized void learn(String client, String model, long bytes, long tokens) {
        if (bytes < FEW_BYTES) {
            return;
        }
        known.computeIfAbsent(new Key(client, model), none -> new Samples()).add((double) tokens / bytes);
        if (known.size() > REMEMBERED) {
            known.remove(known.keySet().iterator().next());
        }
    }
}
