package dev.warder.json;

import java.util.Arrays;

/** The open objects and arrays. One thread at a time. */
final class Nesting {
    private static final int USUAL_DEPTH = 128;

    private final int most;
    private boolean[] objects = new boolean[USUAL_DEPTH];
    private int depth;

    /** @param most the largest depth */
    Nesting(int most) {
        this.most = most;
    }

    /** Closes all of them. */
    void clear() {
        depth = 0;
    }

    void open(JsonKind kind, long at) throws JsonException {
        if (depth == most) {
            throw new JsonException("nested more than " + most + " deep", at);
        }
        if (depth == objects.length) {
            objects = Arrays.copyOf(objects, 2 * depth);
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
