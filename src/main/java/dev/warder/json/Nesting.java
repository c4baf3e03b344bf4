package dev.warder.json;

/** The open objects and arrays, at most 128. One thread at a time. */
final class Nesting {
    private static final int DEPTH = 128;

    private final boolean[] objects = new boolean[DEPTH];
    private int depth;

    /** Closes all of them. */
    void clear() {
        depth = 0;
    }

    void open(JsonKind kind, long at) throws JsonException {
        if (depth == DEPTH) {
            throw new JsonException("nested more than " + DEPTH + " deep", at);
        }
        objects[depth++] = kind == JsonKind.OBJECT;
    }

    /** Closes the innermost one and returns its kind. */
    JsonKind close() {
        return objects[--depth] ? JsonKind.OBJECT : JsonKind.ARRAY;
    }

    /** Whether no object or array is open. */
    boolean isRoot() {
        return depth == 0;
    }

    byte closingBracket() {
        return (byte) (inObject() ? '}' : ']');
    }

    /** Whether the innermost one is an object; at least one must be open. */
    boolean inObject() {
        return objects[depth - 1];
    }
}
