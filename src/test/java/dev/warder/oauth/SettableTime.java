package dev.warder.oauth;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** Both clocks, standing still until a test moves them. Thread-safe. */
public final class SettableTime implements InstantSource {
    private static final Instant BEGIN = Instant.parse("2026-11-01T12:00:00Z");

    private final AtomicLong nanos = new AtomicLong();

    @Override
    public Instant instant() {
        return BEGIN.plusNanos(nanos.get());
    }

    public long nanoTime() {
        return nanos.get();
    }

    public void pass(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }
}
