package dev.warder.json;

/** A body that is refused; the message may be shown to the client: it states what is wrong and where, and echoes nothing. */
public final class JsonException extends Exception {
    private static final long serialVersionUID = 1;

    private final long offset;

    JsonException(String problem, long offset) {
        super(problem + " (byte " + offset + ")");
        this.offset = offset;
    }

    /** The byte at which the problem shows, counted from 0. */
    public long offset() {
        return offset;
    }
}
