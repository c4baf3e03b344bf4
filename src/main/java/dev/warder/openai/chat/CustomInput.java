package dev.warder.openai.chat;

import dev.warder.json.JsonTree;
import java.nio.charset.StandardCharsets;

/**
 * Finds the text in the input of a custom tool, which arrives as pieces of the JSON text {@code {"input":"…"}}, each in a
 * string literal. Removes that outer level of escapes and passes the bytes of the inner string on, as far as they are
 * complete: an escape or a surrogate pair that is cut is held until its rest arrives.
 *
 * <p>One thread at a time.
 */
final class CustomInput {
    private enum State {
        START,
        NAME,
        IN_NAME,
        COLON,
        VALUE,
        TEXT,
        ESCAPE,
        HEX,
        AFTER,
        BROKEN,
        OTHER
    }

    private static final String MEMBER = "input";
    private static final String SHORT_ESCAPES = "\"\\/bfnrt";
    private static final int DIGITS = 4;

    private final TextUnits out = new TextUnits();
    private State state = State.START;
    /** The bytes after the text, as bytes between the quotes of a piece. */
    private final Pieces rest = new Pieces();

    private int inName;
    private int digits;
    private int unit;

    /** Whether the text has begun, so that what {@link #feed} returns is the input. */
    boolean isText() {
        return switch (state) {
            case TEXT, ESCAPE, HEX, AFTER, BROKEN -> true;
            default -> false;
        };
    }

    /**
     * Reads the bytes between the quotes of one piece.
     *
     * @return bytes of the inner string, which may contain escapes; empty when it has none in this piece
     */
    byte[] feed(byte[] b, int from, int to) {
        int i = from;
        while (i < to && !hasRead()) {
            if (b[i] != '\\') {
                next(b[i++]);
            } else if (b[i + 1] == 'u') {
                unescaped(hex(b, i + 2));
                i += 2 + DIGITS;
            } else {
                next(shortEscape(b[i + 1]));
                i += 2;
            }
        }
        if (state == State.AFTER) {
            rest.add(b, i, to);
        }
        return out.take();
    }

    private boolean hasRead() {
        return state == State.AFTER || state == State.BROKEN || state == State.OTHER;
    }

    boolean isClosed() {
        return state == State.AFTER
                && JsonTree.parseObject("{\"input\":\"\"" + rest.text()).isPresent();
    }

    /** The bytes that it keeps. */
    long kept() {
        return rest.length();
    }

    /** The bytes that were held, after the last piece. An escape that never ended is left out. */
    byte[] end() {
        out.endHalf();
        return out.take();
    }

    private static int hex(byte[] b, int at) {
        int value = 0;
        for (int i = at; i < at + DIGITS; i++) {
            value = (value << 4) | Character.digit(b[i], 16);
        }
        return value;
    }

    private static int shortEscape(byte c) {
        return switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> c;
        };
    }

    private void unescaped(int c) {
        if (c < 0x80) {
            next(c);
        } else if (state == State.TEXT) {
            out.addUnit(c);
        } else {
            next(-1);
        }
    }

    /** @param c a character of ASCII, or a negative byte of a longer one */
    private void next(int c) {
        switch (state) {
            case TEXT -> text(c);
            case ESCAPE -> escape(c);
            case HEX -> digit(c);
            case IN_NAME -> name(c);
            default -> {
                if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                    structure(c);
                }
            }
        }
    }

    private void structure(int c) {
        state = switch (state) {
            case START -> c == '{' ? State.NAME : State.OTHER;
            case NAME -> c == '"' ? State.IN_NAME : State.OTHER;
            case COLON -> c == ':' ? State.VALUE : State.OTHER;
            case VALUE -> c == '"' ? State.TEXT : State.OTHER;
            default -> State.OTHER;
        };
    }

    private void name(int c) {
        if (inName == MEMBER.length()) {
            state = c == '"' ? State.COLON : State.OTHER;
        } else if (c != MEMBER.charAt(inName++)) {
            state = State.OTHER;
        }
    }

    private void text(int c) {
        if (c == '\\') {
            state = State.ESCAPE;
        } else if (c == '"') {
            out.endHalf();
            state = State.AFTER;
        } else if (c >= 0 && c < ' ') {
            out.addUnit(c);
        } else {
            out.addByte(c);
        }
    }

    private void escape(int c) {
        if (c == 'u') {
            state = State.HEX;
            unit = 0;
            digits = 0;
        } else if (SHORT_ESCAPES.indexOf(c) >= 0) {
            out.addEscape(c);
            state = State.TEXT;
        } else {
            state = State.BROKEN;
        }
    }

    private void digit(int c) {
        int digit = c < 0 ? -1 : Character.digit(c, 16);
        if (digit < 0) {
            state = State.BROKEN;
            return;
        }
        unit = (unit << 4) | digit;
        if (++digits == DIGITS) {
            state = State.TEXT;
            out.addUnit(unit);
        }
    }

    /**
     * Writes the content of a string literal, unit by unit. Many clients cannot read half a surrogate pair, so that the
     * first half waits for the second, and a half alone is replaced.
     *
     * <p>One thread at a time.
     */
    static final class TextUnits {
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

        /** The characters added since the last call, except a half that waits. */
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
}
