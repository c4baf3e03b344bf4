package dev.warder.usage;

import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Makes the ids of tries: UUIDv7 (RFC 9562, section 5.7), the time in milliseconds and 74 random bits. An index of a
 * database then grows at its end. Thread-safe, as its parts are.
 *
 * @param random need not be hard to guess: an id is no secret
 */
public record TryIds(InstantSource clock, RandomGenerator random) {
    private static final int TIME_SHIFT = 16;
    private static final long VERSION_7 = 0x7000;
    private static final long RANDOM_12 = 0x0FFF;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long RANDOM_62 = 0x3FFF_FFFF_FFFF_FFFFL;

    public UUID next() {
        long high = clock.millis() << TIME_SHIFT | VERSION_7 | random.nextLong() & RANDOM_12;
        return new UUID(high, VARIANT | random.nextLong() & RANDOM_62);
    }
}
