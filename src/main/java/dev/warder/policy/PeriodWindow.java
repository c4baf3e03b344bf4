package dev.warder.policy;

import java.time.Instant;
import java.util.Optional;

/**
 * One window of a {@link Period}. Immutable.
 *
 * @param start the first instant; 1970 for {@link Period#LIFETIME}
 * @param end the first instant after it; empty for {@link Period#LIFETIME}
 */
public record PeriodWindow(Instant start, Optional<Instant> end) {
    public PeriodWindow {
        if (end.isPresent() && !start.isBefore(end.get())) {
            throw new IllegalArgumentException("a window must end after its start");
        }
    }

    /** Whether {@code at} is in the window. The window of {@link Period#LIFETIME} has no instant before its start. */
    public boolean contains(Instant at) {
        return !at.isBefore(start) && (end.isEmpty() || at.isBefore(end.get()));
    }
}
