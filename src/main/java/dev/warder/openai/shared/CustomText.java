package dev.warder.openai.shared;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;

/**
 * The text that a model gives a custom tool. Its input arrives as pieces of the JSON text {@code {"input":"…"}}. Returns the
 * text of the inner string as far as it is complete: an escape or a surrogate pair that is cut is held until its rest arrives. A
 * JSON without that text is the text itself, when it is complete. Many clients cannot read half a surrogate pair, so that a
 * half alone is replaced.
 *
 * <p>One thread at a time.
 */
public final class CustomText implements InputText {
    private enum State {
        BEGINNING,
        TEXT,
        ESCAPE,
        HEX,
        AFTER,
        BROKEN,
        OTHER
    }

    /** White space may precede each of its characters, except within the name. */
    private static final String BEGINNING = "{\"input\":\"";

    private static final int IN_NAME = BEGINNING.indexOf('i');
    private static final int AFTER_NAME = BEGINNING.indexOf(':');
    private static final String SHORT_ESCAPES = "\"\\/bfnrt";
    private static final int DIGITS = 4;

    /** Characters of a piece whose place is kept for the next one. */
    private static final int LARGEST_IDLE = 512;

    private static final char REPLACEMENT = '\ufffd';

    private StringBuilder out = new StringBuilder();
    private State state = State.BEGINNING;
    private int begun;
    private int digits;
    private int unit;

    /** The first half of a surrogate pair; 0 when none waits. */
    private char half;

    /** The JSON text until the inner string begins, and what follows that string. */
    private StringBuilder json = new StringBuilder();

    private boolean complete;

    @Override
    public String feed(String piece) {
        for (int i = 0; i < piece.length(); i++) {
            next(piece.charAt(i));
        }
        return take();
    }

    /** An escape that never ended is left out. */
    @Override
    public String end() {
        if (state == State.BEGINNING || state == State.OTHER) {
            var whole = JsonTree.parse(json.toString());
            complete = whole.isPresent();
            String text = whole.map(this::text).orElse("");
            json = new StringBuilder();
            return text;
        }
        complete = state == State.AFTER
                && JsonTree.parseObject(BEGINNING + '"' + json).isPresent();
        endHalf();
        return take();
    }

    public boolean isComplete() {
        return complete;
    }

    @Override
    public long kept() {
        return json.length();
    }

    private String take() {
        String text = out.toString();
        if (out.capacity() > LARGEST_IDLE) {
            out = new StringBuilder();
        }
        out.setLength(0);
        return text;
    }

    private String text(JsonValue whole) {
        if (whole instanceof JsonObject object) {
            var text = JsonTree.findText(object, "input");
            if (text.isPresent() || object.isEmpty()) {
                text.orElse("").chars().forEach(c -> add((char) c));
                endHalf();
                return take();
            }
        }
        return json.toString();
    }

    private void next(char c) {
        switch (state) {
            case BEGINNING -> beginning(c);
            case TEXT -> text(c);
            case ESCAPE -> escape(c);
            case HEX -> digit(c);
            case AFTER, OTHER -> json.append(c);
            case BROKEN -> {}
        }
    }

    private void beginning(char c) {
        json.append(c);
        boolean inName = begun >= IN_NAME && begun < AFTER_NAME;
        if (c == BEGINNING.charAt(begun)) {
            begun++;
            if (begun == BEGINNING.length()) {
                state = State.TEXT;
                json = new StringBuilder();
            }
        } else if (inName || c != ' ' && c != '\n' && c != '\r' && c != '\t') {
            state = State.OTHER;
        }
    }

    private void text(char c) {
        if (c == '\\') {
            state = State.ESCAPE;
        } else if (c == '"') {
            endHalf();
            state = State.AFTER;
        } else {
            add(c);
        }
    }

    private void escape(char c) {
        if (c == 'u') {
            state = State.HEX;
            unit = 0;
            digits = 0;
        } else if (SHORT_ESCAPES.indexOf(c) >= 0) {
            add(JsonText.escaped((byte) c));
            state = State.TEXT;
        } else {
            state = State.BROKEN;
        }
    }

    private void digit(char c) {
        int digit = c < 0x80 ? Character.digit(c, 16) : -1;
        if (digit < 0) {
            state = State.BROKEN;
            return;
        }
        unit = (unit << 4) | digit;
        if (++digits == DIGITS) {
            state = State.TEXT;
            add((char) unit);
        }
    }

    private void add(char c) {
        if (half != 0 && Character.isLowSurrogate(c)) {
            out.append(half).append(c);
            half = 0;
            return;
        }
        endHalf();
        if (Character.isHighSurrogate(c)) {
            half = c;
        } else {
            out.append(Character.isLowSurrogate(c) ? REPLACEMENT : c);
        }
    }

    /** The text goes on with no second half. */
    private void endHalf() {
        if (half != 0) {
            out.append(REPLACEMENT);
            half = 0;
        }
    }
}
