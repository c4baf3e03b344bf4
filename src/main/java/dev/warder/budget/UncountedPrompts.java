package dev.warder.budget;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.usage.PromptTokens;
import java.util.HashMap;
import java.util.Map;

/**
 * The requests that hold less than the careful bound of their prompts, since those before had few tokens, until the upstream
 * has counted their prompts. A client may have sent spaces before, or files that were hardly packed, and many other requests
 * at once would then exceed a budget by all that they do not hold: that is one longest prompt of each client at most.
 * Thread-safe.
 */
final class UncountedPrompts {
    private static final long MOST = PromptTokens.LONGEST;

    /** By client and the id of its request, the tokens that are not held. */
    @GuardedBy("this")
    private final Map<String, Map<String, Long>> clients = new HashMap<>();

    /**
     * Whether this request may hold less.
     *
     * @param unheld by how many tokens; not negative
     */
    synchronized boolean begin(MeteredRequest request, long unheld) {
        var others = clients.computeIfAbsent(request.client(), none -> new HashMap<>());
        others.remove(request.id());
        long sum = others.values().stream().mapToLong(Long::longValue).sum();
        boolean fits = sum + unheld <= MOST;
        if (fits && unheld > 0) {
            others.put(request.id(), unheld);
        }
        removeIfEmpty(request.client(), others);
        return fits;
    }

    /** The prompt of a request was counted, or it has ended. */
    synchronized void end(MeteredRequest request) {
        var all = clients.get(request.client());
        if (all != null) {
            all.remove(request.id());
            removeIfEmpty(request.client(), all);
        }
    }

    @GuardedBy("this")
    private void removeIfEmpty(String client, Map<String, Long> requests) {
        if (requests.isEmpty()) {
            clients.remove(client);
        }
    }
}
