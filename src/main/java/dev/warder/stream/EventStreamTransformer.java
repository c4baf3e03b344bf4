package dev.warder.stream;

/** Translates an event stream into that of another dialect. The arrays that it returns belong to the caller. One thread at a time. */
public interface EventStreamTransformer {
    /** The translation of the next bytes: whole events, or empty. */
    byte[] feed(byte[] piece);

    byte[] end();

    /** Whether the stream has failed: the bytes returned last end with an {@code error} event that gives the reason. */
    boolean failed();
}
