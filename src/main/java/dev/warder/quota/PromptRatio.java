package dev.warder.quota;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.json.BodyPrompt;
import dev.warder.usage.PromptTokens;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How many tokens the prompts of a client have for each byte of its requests, learned from what the upstream reported. A token
 * of a text is at least one byte, so that an unknown client holds a token for each byte. Files in the body may be packed: an
 * unknown client holds the longest prompt then. Thread-safe.
 *
 * <p>What is learned is the largest of the last responses, with a margin. It is not exact: a client can change its language. What
 * was held too little is held once the upstream has counted the prompt, within seconds, see {@code BudgetMeter}; until then,
 * {@link UncountedPrompts} limits it.
 */
final class PromptRatio {
    /** Tokens that a request has in addition to those of its bytes: what the API adds for tools. */
    static final long ADDED = 1000;

    private static final double MARGIN = 1.1;

    private static final double OF_TEXT = 1;

    private static final long FEW_BYTES = 1000;

    private static final double MILLIONTH = 1e-6;

    private static final long UNCOUNTED = Math.round(PromptTokens.FEW / MILLIONTH);

    private final LearnedBounds learned;
    private final UncountedPrompts uncounted = new UncountedPrompts();

    PromptRatio(LearnedBounds learned) {
        this.learned = learned;
    }

    Optional<Double> learned(String client, String model, BodyPrompt prompt) {
        double least = prompt.hasFile() ? PromptTokens.FEW : 0;
        return learned.find(key(client, model, prompt))
                .map(known -> Math.max(least, Math.min(most(prompt), known.value() * MILLIONTH * MARGIN)));
    }

    long tokens(MeteredRequest request) {
        double most = most(request.prompt());
        if (request.tokensPerByte().isEmpty()) {
            return tokens(request, most);
        }
        double ratio = request.tokensPerByte().get();
        double careful = request.prompt().hasFile() ? most : Math.max(ratio, PromptTokens.FEW * MARGIN);
        long few = tokens(request, ratio);
        long many = tokens(request, careful);
        return uncounted.begin(request, many - few) ? few : many;
    }

    private static long tokens(MeteredRequest request, double ratio) {
        long tokens = PromptTokens.most(request.prompt(), request.bytes(), ratio, request.longestPrompt());
        return Math.min(request.longestPrompt(), tokens + ADDED);
    }

    private static double most(BodyPrompt prompt) {
        return prompt.hasFile() ? PromptTokens.LONGEST : OF_TEXT;
    }

    void learn(MeteredRequest request, long tokens) {
        end(request);
        long bytes = request.bytes() - request.prompt().imageBytes();
        boolean hasFile = request.prompt().hasFile();
        if (request.prompt().isUnbounded() || request.prompt().kept() > 0 || bytes < FEW_BYTES && !hasFile) {
            return;
        }
        double ratio = (double) tokens / Math.max(1, bytes);
        learned.add(key(request.client(), request.model(), request.prompt()), (long) Math.ceil(ratio / MILLIONTH));
    }

    /**
     * A request was sent, and has ended before its prompt was counted: the ledger has assumed what was learned. The next requests
     * hold more again, so that a client does not profit from ending many of them.
     */
    void learnUncounted(MeteredRequest request) {
        if (request.tokensPerByte().isPresent()
                && !request.prompt().hasFile()
                && request.prompt().kept() == 0) {
            learned.add(key(request.client(), request.model(), request.prompt()), UNCOUNTED);
        }
    }

    void end(MeteredRequest request) {
        uncounted.end(request);
    }

    private static BoundKey key(String client, String model, BodyPrompt prompt) {
        return new BoundKey(client, model, prompt.hasFile() ? BoundKind.FILE : BoundKind.TEXT);
    }

    /**
     * The requests that hold less than the careful bound of their prompts, since those before had few tokens, until the upstream
     * has counted their prompts. A client may have sent spaces before, or files that were hardly packed, and many other requests
     * at once would then exceed a budget by all that they do not hold: that is one longest prompt of each client at most.
     * Thread-safe.
     */
    private static final class UncountedPrompts {
        private static final long MOST = PromptTokens.LONGEST;

        @GuardedBy("this")
        private final Map<String, Unheld> clients = new HashMap<>();

        /** By the id of its request, the tokens that are not held, and their sum. */
        private static final class Unheld {
            private final Map<String, Long> requests = new HashMap<>();
            private long sum;

            void put(String id, long tokens) {
                sum += tokens - Objects.requireNonNullElse(requests.put(id, tokens), 0L);
            }

            void remove(String id) {
                sum -= Objects.requireNonNullElse(requests.remove(id), 0L);
            }
        }

        synchronized boolean begin(MeteredRequest request, long unheld) {
            end(request);
            var known = clients.get(request.client());
            boolean fits = (known == null ? 0 : known.sum) + unheld <= MOST;
            if (fits && unheld > 0) {
                clients.computeIfAbsent(request.client(), none -> new Unheld()).put(request.id(), unheld);
            }
            return fits;
        }

        synchronized void end(MeteredRequest request) {
            var known = clients.get(request.client());
            if (known != null) {
                known.remove(request.id());
                if (known.requests.isEmpty()) {
                    clients.remove(request.client());
                }
            }
        }
    }
}
