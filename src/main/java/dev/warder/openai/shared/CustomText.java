package dev.warder.openai.shared;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;

/**
 * The text that a model gives a custom tool. Its input arrives as pieces of the JSON text {@code {"input":"…"}}, each in a string
 * literal. Removes that outer level of escapes and returns the bytes of the inner string, as far as they are complete: an
 * escape or a surrogate pair that is cut is held until its rest arrives. A JSON without that text is the text itself, when it is
 * complete. What is returned are bytes between the quotes of a string literal, which may contain escapes.
 *
 * <p>One thread at a time.
 */
public final class CustomText {
    private enum State {
        BEGINNING,
        TEXT,
        ESCAPE,
        HEX,
        AFTER,
        BROKEN,
        OTHER
    }

    private static final byte[] NOTHING = {};

    /** White space may precede each of its characters, except within the name. */
    private static final String BEGINNING = "{\"input\":\"";

    private static final int IN_NAME = BEGINNING.indexOf('i');

    private static final int AFTER_NAME = BEGINNING.indexOf(':');
    private static final String SHORT_ESCAPES = "\"\\/bfnrt";
    private static final int DIGITS = 4;

    private final TextUnits out = new TextUnits();
    private State state = State.BEGINNING;
    private int begun;
    private int digits;
    private int unit;

    /** All bytes until the text begins, as bytes between the quotes of a piece. */
    private Pieces json = new Pieces();

    /** The bytes after the text, in the same form. */
    private final Pieces rest = new Pieces();

    private boolean complete;

    /** The text in the bytes between the quotes of one piece. */
    public byte[] feed(byte[] b, int from, int to) {
        if (!isText()) {
            json.add(b, from, to);
        }
        int i = from;
        while (i < to && !hasRead()) {
            if (b[i] != '\\') {
                next(b[i++]);
            } else if (b[i + 1] == 'u') {
                unescaped(JsonText.unit(b, i + 2));
                i += 2 + DIGITS;
            } else {
                next(JsonText.escaped(b[i + 1]));
                i += 2;
            }
        }
        if (state == State.AFTER) {
            rest.add(b, i, to);
        }
        if (isText() && !json.isEmpty()) {
            json = new Pieces();
        }
        return out.take();
    }

    /** The bytes that were held, after the last piece. An escape that never ended is left out. */
    public byte[] end() {
        if (isText()) {
            complete = state == State.AFTER
                    && JsonTree.parseObject(BEGINNING + '"' + rest.text()).isPresent();
            out.endHalf();
            return out.take();
        }
        var whole = JsonTree.parse(json.text());
        byte[] text = whole.map(this::text).orElse(NOTHING);
        complete = whole.isPresent();
        json = new Pieces();
        return text;
    }

    public boolean isComplete() {
        return complete;
    }

    /** The bytes that it keeps. */
    public long kept() {
        return json.length() + rest.length();
    }

    /** Whether the text has begun, so that what {@link #feed} returns is the input. */
    private boolean isText() {
        return state != State.BEGINNING && state != State.OTHER;
    }

    private boolean hasRead() {
        return state == State.AFTER || state == State.BROKEN || state == State.OTHER;
    }

    private byte[] text(JsonValue whole) {
        if (whole instanceof JsonObject object) {
            var text = JsonTree.findText(object, "input");
            if (text.isPresent() || object.isEmpty()) {
                return literal(text.orElse(""));
            }
        }
        return json.bytes();
    }

    /** The bytes between the quotes of a literal; halves of surrogate pairs are replaced. */
    private static byte[] literal(String text) {
        byte[] quoted = JsonText.literal(BEGINNING + JsonText.quote(text).substring(1) + "}");
        return new CustomText().feed(quoted, 1, quoted.length - 1);
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
            case BEGINNING -> beginning(c);
            case TEXT -> text(c);
            case ESCAPE -> escape(c);
            case HEX -> digit(c);
            case AFTER, BROKEN, OTHER -> {}
        }
    }

    private void beginning(int c) {
        boolean inName = begun >= IN_NAME && begun < AFTER_NAME;
        if (c == BEGINNING.charAt(begun)) {
            begun++;
            state = begun == BEGINNING.length() ? State.TEXT : State.BEGINNING;
        } else if (inName || c != ' ' && c != '\n' && c != '\r' && c != '\t') {
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
