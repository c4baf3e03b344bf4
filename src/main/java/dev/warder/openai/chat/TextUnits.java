package dev.warder.openai.chat;

import java.nio.charset.StandardCharsets;

/**
 * Writes the content of a string literal, unit by unit. Many clients cannot read half a surrogate pair, so that the first
 * half waits for the second, and a half alone is replaced.
 *
 * <p>One thread at a time.
 */
final class TextUnits {
    private static final int KEPT = 512;
    private static final byte[] REPLACEMENT = "\\ufffd".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final OutputBuffer out = new OutputBuffer(KEPT);
    /** The first half of a surrogate pair; 0 when none waits. */
    private int half;

    /** Adds a byte of UTF-8 that needs no escape. */
    void addByte(int b) {
        endHalf();
        out.addByte(b);
    }

    /** Adds an escape of one letter. */
    void addEscape(int letter) {
        endHalf();
        out.addByte('\\');
        out.addByte(letter);
    }

    /** Adds a UTF-16 unit as an escape. */
    void addUnit(int unit) {
        if (half != 0 && Character.isLowSurrogate((char) unit)) {
            write(half);
            write(unit);
            half = 0;
            return;
        }
        endHalf();
        if (Character.isHighSurrogate((char) unit)) {
            half = unit;
        } else if (Character.isLowSurrogate((char) unit)) {
            out.add(REPLACEMENT);
        } else {
            write(unit);
        }
    }

    /** The text goes on with no second half. */
    void endHalf() {
        if (half != 0) {
            out.add(REPLACEMENT);
            half = 0;
        }
    }

    /** What was added since the last call, except a half that waits. */
    byte[] take() {
        return out.take();
    }

    private void write(int unit) {
        out.addByte('\\');
        out.addByte('u');
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.addByte(DIGITS[(unit >> shift) & 15]);
        }
    }
}
