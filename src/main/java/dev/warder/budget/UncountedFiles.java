package dev.warder.budget;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The requests with files that hold less than the longest prompt, until the upstream has counted their prompts: one of each
 * client. A file can be packed much more than those before, and many such requests at once would exceed a budget by all that
 * they do not hold. Thread-safe.
 */
final class UncountedFiles {
    /** By client, the id of its request. */
    private final Map<String, String> requests = new ConcurrentHashMap<>();

    /** Whether this request is the one of its client; it is if there is no other. */
    boolean begin(MeteredRequest request) {
        String first = requests.putIfAbsent(request.client(), request.id());
        return first == null || first.equals(request.id());
    }

    /** The prompt of a request was counted, or it has ended. */
    void end(MeteredRequest request) {
        requests.remove(request.client(), request.id());
    }
}
