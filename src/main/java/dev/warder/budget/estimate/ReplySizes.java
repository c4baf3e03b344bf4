package dev.warder.budget.estimate;

import dev.warder.budget.bound.BoundKey;
import dev.warder.budget.bound.BoundKind;

/**
 * How many tokens are held at the beginning of a response that is not streamed. With {@link WholeReplies#LEARNED}, that is the
 * largest of the last 1,000 to 2,000 such responses of the client and model: of responses of the same kind, at most one in 1,000
 * exceeds it. Thread-safe.
 *
 * <p>It is no bound, since a client can change what it asks for. {@code BudgetMeter} holds more when the model can have
 * generated as much.
 */
final class ReplySizes {
    private static final long NEEDED = LargestValue.BLOCK_OF_REPLIES;

    private final WholeReplies held;
    private final LearnedBounds learned;

    ReplySizes(WholeReplies held, LearnedBounds learned) {
        this.held = held;
        this.learned = learned;
    }

    /**
     * The tokens that are held at the beginning.
     *
     * @param most how many tokens the request accepts
     */
    long tokens(String client, String model, long most) {
        if (held == WholeReplies.FULL) {
            return most;
        }
        return learned.find(key(client, model))
                .filter(known -> known.samples() >= NEEDED)
                .map(known -> Math.min(most, Math.max(Bounds.SLICE, known.largest())))
                .orElse(most);
    }

    /** Such a response had this many tokens. It is learned however much is held, for an operator who changes that. */
    void learn(MeteredRequest request, long tokens) {
        learned.add(key(request.client(), request.model()), tokens);
    }

    private static BoundKey key(String client, String model) {
        return new BoundKey(client, model, BoundKind.REPLY);
    }
}
