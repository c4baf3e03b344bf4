package dev.warder.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/** Makes the ids of exchanges for responses and logs. An id never comes from a client and is never sent upstream. */
public final class RequestId {
    private static final String PREFIX = "req_wrd_";
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int LENGTH = 26;

    private RequestId() {}

    /** A new id: {@code req_wrd_} and 26 characters of lower-case base32 (RFC 4648) with 130 random bits. */
    public static String next(RandomGenerator random) {
        var id = new StringBuilder(PREFIX.length() + LENGTH).append(PREFIX);
        long bits = 0;
        for (int i = 0; i < LENGTH; i++) {
            if (i % 12 == 0) {
                bits = random.nextLong();
            }
            id.append(BASE32.charAt((int) (bits & 31)));
            bits >>>= 5;
        }
        return id.toString();
    }

    /**
     * Random numbers for ids of requests and tries. They come from a {@link SecureRandom}, 64 at a time, because a call for
     * each costs much more. Not for secrets, since numbers stay in memory until they are used. Thread-safe.
     */
    public static final class IdRandom implements RandomGenerator {
        private static final int NUMBERS = 64;

        @GuardedBy("this")
        private final SecureRandom source = new SecureRandom();

        @GuardedBy("this")
        private final ByteBuffer numbers =
                ByteBuffer.allocate(NUMBERS * Long.BYTES).limit(0);

        @Override
        public synchronized long nextLong() {
            if (!numbers.hasRemaining()) {
                source.nextBytes(numbers.array());
                numbers.clear();
            }
            return numbers.getLong();
        }
    }
}
