package dev.warder.json;

/**
 * A body that is refused. The client may see the message: it states the problem and its position, and repeats nothing of the
 * body.
 */
public final class JsonException extends Exception {
    private final long offset;

    JsonException(String problem, long offset) {
        super(problem + " (byte " + offset + ")");
        this.offset = offset;
    }

    /** The position of the byte at which the problem was found, counted from 0. */
    public long offset() {
        return offset;
    }
}
