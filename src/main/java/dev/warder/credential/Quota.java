package dev.warder.credential;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The remaining quota of a credential by the report of the upstream, in the header fields of its last response that had
 * any. Immutable.
 *
 * @param seen when that response came
 * @param parts at least one
 */
public record Quota(Instant seen, List<Part> parts) {
    public Quota {
        parts = List.copyOf(parts);
    }

    /**
     * One limit.
     *
     * @param name for example {@code requests}, {@code input-tokens} or {@code 5h}
     * @param remaining a number, {@code 37 of 50}, or a percentage
     * @param reset when the limit begins again, if the upstream reported it
     */
    public record Part(String name, String remaining, Optional<Instant> reset) {
        @Override
        public String toString() {
            return name + " " + remaining;
        }
    }
}
