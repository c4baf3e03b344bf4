package dev.warder.budget.account;

import java.util.HashMap;
import java.util.Map;

/**
 * The memory that the bodies of waiting requests keep, and how much of it they may. One client may use half of it, so that
 * others can wait too. Not thread-safe: {@link Accounts} has the lock.
 *
 * <p>A body may be larger than that half: its request may lack nothing but a lease, and would otherwise be refused each time.
 * One of each client may wait, for no longer than a lease takes, and counts as that half.
 */
final class LineMemory {
    private static final long CLIENT_PARTS = 2;

    private final long most;
    private final long part;
    private final Map<String, Long> byClient = new HashMap<>();
    private long counted;

    /** @param most how many bytes may be kept */
    LineMemory(long most) {
        this.most = most;
        this.part = most / CLIENT_PARTS;
    }

    /** Whether a body is larger than what its client may keep. */
    boolean isLarge(long bytes) {
        return bytes > part;
    }

    /** Whether a request with such a body must not wait. */
    boolean isFull(String client, long bytes) {
        long own = of(client);
        boolean clientIsFull = isLarge(bytes) ? isLarge(own) : own + bytes > part;
        return clientIsFull || counted - counting(own) + counting(own + bytes) > most;
    }

    /** A request begins to wait. */
    void add(HoldRequest request) {
        change(request.client(), request.bytes());
    }

    /** It waits no longer. */
    void remove(HoldRequest request) {
        change(request.client(), -request.bytes());
    }

    private void change(String client, long more) {
        long before = of(client);
        long after = before + more;
        counted += counting(after) - counting(before);
        if (after == 0) {
            byClient.remove(client);
        } else {
            byClient.put(client, after);
        }
    }

    private long of(String client) {
        return byClient.getOrDefault(client, 0L);
    }

    private long counting(long bytes) {
        return Math.min(part, bytes);
    }
}
