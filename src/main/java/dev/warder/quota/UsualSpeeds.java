package dev.warder.quota;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.usage.OutputRate;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How fast models usually generate: a mean of their last streamed responses. What a response really had is known at its end.
 * Thread-safe.
 */
final class UsualSpeeds {
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Of a shorter response, much of the time is that until its first token. */
    private static final long LEAST_TOKENS = 100;

    /** A model seems to be slow where clients read slowly. Nothing below this part of the fastest is assumed. */
    private static final double LEAST = 0.1;

    /** The mean is that of this number of responses, with later ones counting more. */
    private static final int RESPONSES = 16;

    private static final int MODELS = 1000;

    private final OutputRate fastest;

    @GuardedBy("this")
    private final Map<Key, Mean> means = new HashMap<>();

    private record Key(String model, boolean fast) {}

    /** @param value tokens in a second */
    private record Mean(double value, int responses) {
        Mean with(double next) {
            int weight = Math.min(RESPONSES, responses + 1);
            return new Mean(value + (next - value) / weight, weight);
        }
    }

    /** @param fastest how fast models generate at most, which is assumed of those about which nothing was learned */
    UsualSpeeds(OutputRate fastest) {
        this.fastest = fastest;
    }

    synchronized long tokens(String model, boolean fast, long nanos) {
        long most = fastest.tokens(nanos, fast);
        var mean = means.get(new Key(model, fast));
        return mean == null
                ? most
                : (long) Math.ceil(Math.min((double) most, Math.max(LEAST * most, mean.value() * seconds(nanos))));
    }

    synchronized void learn(String model, boolean fast, long tokens, long nanos) {
        if (tokens < LEAST_TOKENS || nanos <= 0) {
            return;
        }
        if (means.size() >= MODELS) {
            means.clear();
        }
        // What arrives in one piece was generated before.
        double speed = Math.min(tokens / seconds(nanos), (double) fastest.tokens(SECOND_NANOS, fast));
        means.merge(new Key(model, fast), new Mean(speed, 1), (mean, next) -> mean.with(next.value()));
    }

    private static double seconds(long nanos) {
        return (double) nanos / SECOND_NANOS;
    }
}
