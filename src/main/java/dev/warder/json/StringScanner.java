package dev.warder.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Scans the content of strings, one after the other: escapes, control characters (RFC 8259 section 7), well-formed UTF-8 (RFC
 * 3629 section 4) and, unless single ones are allowed, complete surrogate pairs. One thread at a time.
 */
final class StringScanner {
    private static final long HIGHEST = 0x8080_8080_8080_8080L;

    /** Reads eight bytes at once, at any index; the first of them becomes the lowest. */
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Multiplied with a byte: eight copies of that byte. */
    private static final long EACH = 0x0101_0101_0101_0101L;

    /** Indexed by the byte after the backslash. */
    private static final boolean[] SHORT_ESCAPES = new boolean[256];

    static {
        "\"\\/bfnrt".chars().forEach(c -> SHORT_ESCAPES[c] = true);
    }

    private static final int CLOSED = 0;
    private static final int PLAIN = 1;
    private static final int ESCAPE = 2;
    private static final int HEX = 3;
    private static final int UTF8 = 4;

    private final boolean singleSurrogates;
    private int state;
    /** The number of bytes or digits that the current character still needs. */
    private int missing;
    /** The lowest and highest valid values of the next byte of a character. */
    private int low;

    private int high;
    private int unit;
    private boolean halfPair;

    StringScanner(boolean singleSurrogates) {
        this.singleSurrogates = singleSurrogates;
    }

    void begin() {
        state = PLAIN;
        halfPair = false;
    }

    boolean closed() {
        return state == CLOSED;
    }

    int scan(byte[] b, int from, int end, long origin) throws JsonException {
        int i = from;
        while (i < end && state != CLOSED) {
            if (state == PLAIN) {
                if (!halfPair) {
                    i = skipPlain(b, i, end);
                }
                if (i < end) {
                    special(b[i], origin + i++);
                }
            } else {
                within(b[i], origin + i++);
            }
        }
        return i;
    }

    /** The inner loop. Text from agents has a short escape about every twenty bytes, so short escapes are skipped here too. */
    private static int skipPlain(byte[] b, int from, int end) {
        int i = from;
        while (i <= end - Long.BYTES) {
            long special = special((long) EIGHT_BYTES.get(b, i));
            if (special == 0) {
                i += Long.BYTES;
                continue;
            }
            i += Long.numberOfTrailingZeros(special) / Byte.SIZE;
            if (b[i] != '\\' || i + 1 == end || !SHORT_ESCAPES[b[i + 1] & 0xFF]) {
                return i;
            }
            i += 2;
        }
        while (i < end && b[i] >= ' ' && b[i] != '"' && b[i] != '\\') {
            i++;
        }
        return i;
    }

    /**
     * Marks the first of eight bytes that ends plain text: its highest bit is the lowest bit set in the result. The result is 0
     * if all eight are plain. Inverting the second bit of each byte moves the quote directly above the control characters and
     * no other byte of plain text below it, so one comparison finds both. A borrow affects only the bytes after the one that
     * causes it.
     */
    private static long special(long bytes) {
        long controlOrQuote = (bytes ^ EACH * 2) - EACH * ('"' - 1);
        long backslash = (bytes ^ EACH * '\\') - EACH;
        return (bytes | controlOrQuote | backslash) & HIGHEST;
    }

    private void special(byte c, long at) throws JsonException {
        if (halfPair && c != '\\') {
            throw lone(at);
        }
        if (c == '"') {
            state = CLOSED;
        } else if (c == '\\') {
            state = ESCAPE;
        } else if (c < 0) {
            lead(c & 0xFF, at);
        } else {
            throw new JsonException("a control character in a string", at);
        }
    }

    private void within(byte c, long at) throws JsonException {
        switch (state) {
            case ESCAPE -> escape(c, at);
            case HEX -> hex(c, at);
            default -> continuation(c & 0xFF, at);
        }
    }

    private void lead(int c, long at) throws JsonException {
        if (c < 0xC2 || c > 0xF4) {
            throw malformed(at);
        }
        missing = c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
        // The range of the second byte excludes overlong forms, raw surrogates and values above U+10FFFF.
        low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
        high = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
        state = UTF8;
    }

    private void continuation(int c, long at) throws JsonException {
        if (c < low || c > high) {
            throw malformed(at);
        }
        low = 0x80;
        high = 0xBF;
        if (--missing == 0) {
            state = PLAIN;
        }
    }

    private void escape(byte c, long at) throws JsonException {
        if (c == 'u') {
            state = HEX;
            missing = 4;
            unit = 0;
            return;
        }
        if (halfPair) {
            throw lone(at);
        }
        if (!SHORT_ESCAPES[c & 0xFF]) {
            throw new JsonException("an unknown escape in a string", at);
        }
        state = PLAIN;
    }

    private void hex(byte c, long at) throws JsonException {
        int digit = c < 0 ? -1 : Character.digit(c, 16);
        if (digit < 0) {
            throw new JsonException("an escape needs four hexadecimal digits", at);
        }
        unit = (unit << 4) | digit;
        if (--missing == 0) {
            state = PLAIN;
            if (!singleSurrogates) {
                if (halfPair != Character.isLowSurrogate((char) unit)) {
                    throw lone(at);
                }
                halfPair = Character.isHighSurrogate((char) unit);
            }
        }
    }

    private static JsonException malformed(long at) {
        return new JsonException("a string is not valid UTF-8", at);
    }

    private static JsonException lone(long at) {
        return new JsonException("a surrogate without its other half in a string", at);
    }
}
