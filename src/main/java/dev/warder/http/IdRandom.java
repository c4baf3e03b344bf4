package dev.warder.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/**
 * Random numbers for ids of requests and tries. They come from a {@link SecureRandom}, 64 at a time, because a call for
 * each costs much more. Not for secrets, since numbers stay in memory until they are used. Thread-safe.
 */
public final class IdRandom implements RandomGenerator {
    private static final int NUMBERS = 64;

    @GuardedBy("this")
    private final SecureRandom source = new SecureRandom();

    @GuardedBy("this")
    private final ByteBuffer numbers = ByteBuffer.allocate(NUMBERS * Long.BYTES).limit(0);

    @Override
    public synchronized long nextLong() {
        if (!numbers.hasRemaining()) {
            source.nextBytes(numbers.array());
            numbers.clear();
        }
        return numbers.getLong();
    }
}
