package dev.warder.telemetry;

import java.nio.charset.StandardCharsets;

/**
 * A hash of attributes (FNV-1a, 64 bits). A client that makes two series of its own the same changes only its own sum. One
 * thread at a time.
 */
final class Fingerprint {
    private static final long BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;
    private static final int BYTE = 0xFF;

    private long hash;

    Fingerprint() {
        this(BASIS);
    }

    /** @param hash goes on from there */
    Fingerprint(long hash) {
        this.hash = hash;
    }

    Fingerprint add(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            hash = (hash ^ bytes[i] & BYTE) * PRIME;
        }
        // Separates it from what follows.
        hash = (hash ^ (to - from)) * PRIME;
        return this;
    }

    Fingerprint add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return add(bytes, 0, bytes.length);
    }

    long value() {
        return hash;
    }
}
