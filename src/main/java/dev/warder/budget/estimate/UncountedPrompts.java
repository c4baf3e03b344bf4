package dev.warder.budget.estimate;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.usage.PromptTokens;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The requests that hold less than the careful bound of their prompts, since those before had few tokens, until the upstream
 * has counted their prompts. A client may have sent spaces before, or files that were hardly packed, and many other requests
 * at once would then exceed a budget by all that they do not hold: that is one longest prompt of each client at most.
 * Thread-safe.
 */
final class UncountedPrompts {
    private static final long MOST = PromptTokens.LONGEST;

    /** By client. */
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

    /**
     * Whether this request may hold less.
     *
     * @param unheld by how many tokens; not negative
     */
    synchronized boolean begin(MeteredRequest request, long unheld) {
        end(request);
        var known = clients.get(request.client());
        boolean fits = (known == null ? 0 : known.sum) + unheld <= MOST;
        if (fits && unheld > 0) {
            clients.computeIfAbsent(request.client(), none -> new Unheld()).put(request.id(), unheld);
        }
        return fits;
    }

    /** The prompt of a request was counted, or it has ended. */
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
