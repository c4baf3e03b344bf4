package dev.warder.json;

import java.nio.charset.StandardCharsets;

/** Scans the words {@code true}, {@code false} and {@code null}, one after the other. One thread at a time. */
final class LiteralScanner {
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private JsonKind kind = JsonKind.NULL;
    private byte[] word = NULL;
    private int read;

    /** Begins a word with its first byte: {@code t}, {@code f} or {@code n}. */
    void begin(byte c) {
        kind = c == 't' ? JsonKind.TRUE : c == 'f' ? JsonKind.FALSE : JsonKind.NULL;
        word = c == 't' ? TRUE : c == 'f' ? FALSE : NULL;
        read = 1;
    }

    /** Reads the next byte; returns whether it completes the word. */
    boolean ends(byte c, long at) throws JsonException {
        if (c != word[read]) {
            throw new JsonException("not a value", at);
        }
        return ++read == word.length;
    }

    JsonKind kind() {
        return kind;
    }
}
