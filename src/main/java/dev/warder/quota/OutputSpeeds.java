package dev.warder.quota;

import dev.warder.usage.OutputRate;
import java.util.concurrent.TimeUnit;

/**
 * How fast models generate: the fastest of the last 1,000 to 2,000 streamed responses of a model to all clients, with a margin,
 * but not faster than all models are assumed to be. Thread-safe.
 *
 * <p>It is no bound, since a model may be faster than before. What a response cost more than it held is known at its end.
 */
record OutputSpeeds(OutputRate usual, LearnedBounds learned) {
    private static final double MARGIN = 1.5;

    /** Of a shorter response, much of the time is that until its first token. */
    private static final long LEAST_TOKENS = 500;

    private static final long NEEDED = 8;

    /** A model seems to be slow where clients read slowly. Nothing below this part of the usual rate is assumed. */
    private static final double LEAST = 0.5;

    private static final String ALL_CLIENTS = "";

    /** How fast a model generates. The ledger takes the standard rate for a response that is not fast although it was asked to be. */
    OutputRate rate(String model) {
        long standard = rate(new BoundKey(ALL_CLIENTS, model, BoundKind.SPEED), usual.standard());
        long fast = rate(new BoundKey(ALL_CLIENTS, model, BoundKind.FAST), usual.fast());
        return new OutputRate(standard, Math.max(standard, fast));
    }

    private long rate(BoundKey key, long most) {
        return learned.find(key)
                .filter(known -> known.samples() >= NEEDED)
                .map(known -> (long) Math.ceil(Math.max(LEAST * most, MARGIN * known.value())))
                .map(rate -> Math.min(most, rate))
                .orElse(most);
    }

    /**
     * A response had this many tokens.
     *
     * @param fast whether they were generated in the fast mode; one that was asked for may not have been granted
     * @param nanos the time after the upstream had counted its prompt, in nanoseconds; not negative
     */
    void learn(MeteredRequest request, boolean fast, long tokens, long nanos) {
        // Tools that the upstream runs take time, too.
        if (tokens >= LEAST_TOKENS && !request.prompt().grows()) {
            var kind = fast ? BoundKind.FAST : BoundKind.SPEED;
            double seconds = (double) Math.max(1, nanos) / TimeUnit.SECONDS.toNanos(1);
            learned.add(new BoundKey(ALL_CLIENTS, request.model(), kind), (long) Math.ceil(tokens / seconds));
        }
    }
}
