package dev.warder.credential;

import dev.warder.config.PoolOrder;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The operator's credentials. Thread-safe. */
public final class CredentialPool {
    private final List<Entry> entries;

    /**
     * A pool of credentials that are all usable.
     *
     * @param nanoTime a clock that never goes back, in nanoseconds
     * @param clock the time of day, for what the upstream says as a date
     */
    public CredentialPool(List<Entry> entries, PoolOrder order, LongSupplier nanoTime, InstantSource clock) {
        this.entries = List.copyOf(entries);
    }

    /**
     * One credential of a pool.
     *
     * @param weight its share where the order is {@link PoolOrder#WEIGHTED}, at least 1
     */
    public record Entry(CredentialSource source, int weight) {
        /** Refuses a weight below 1. */
        public Entry {
            if (weight < 1) {
                throw new IllegalArgumentException("weight is out of range");
            }
        }
    }

    /** Whether there is none at all. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /**
     * The way of one request through the pool.
     *
     * @param client the configured name of the caller's access token
     * @param session what the caller calls its conversation, whose requests stay with one credential
     */
    public Candidates candidates(String client, Optional<String> session) {
        return new Candidates(entries);
    }

    /** How each stands now, in the configured order. */
    public List<CredentialState> states() {
        return sources().stream()
                .map(each -> new CredentialState(each.name(), each.kind(), true, Optional.empty(), Optional.empty()))
                .toList();
    }

    /** The credentials in the configured order. */
    public List<CredentialSource> sources() {
        return entries.stream().map(Entry::source).toList();
    }
}
