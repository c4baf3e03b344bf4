package dev.warder.http;

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
}
