package dev.warder.json;

import dev.warder.body.Chunks;

/**
 * A member's name in a body, perhaps with escapes, by which a client could hide from the gateway what the upstream
 * reads. Immutable, as long as the body is.
 */
record BodyName(Chunks body, long from, long to) {
    private static final int QUOTES = 2;

    /** The bytes of a character that is an escape. */
    private static final int ESCAPE = 6;

    boolean is(String text) {
        long length = to - from - QUOTES;
        boolean possible = length == text.length()
                || length > text.length() && length <= (long) ESCAPE * text.length() && hasEscape();
        return possible && new JsonText(body, from, to).is(text);
    }

    private boolean hasEscape() {
        for (long at = from; at < to; at++) {
            if (body.at(at) == '\\') {
                return true;
            }
        }
        return false;
    }
}
