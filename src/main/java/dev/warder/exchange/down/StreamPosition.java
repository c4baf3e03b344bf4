package dev.warder.exchange.down;

/**
 * The position at the end of an event stream so far, on which it depends what may be added to the stream. The upstream
 * cuts its stream into pieces anywhere, so that its bytes are read. A translation makes whole events and reports the last
 * one, so that nothing is read a second time.
 *
 * <p>One thread at a time.
 */
public interface StreamPosition {
    /** The position in a message's stream of bytes, which are read. */
    static StreamPosition inBytes() {
        return new BytePosition();
    }

    /** The position in a stream whose pieces are whole events; {@link #followLast} reports the last one. */
    static StreamPosition inWholeEvents() {
        return new EventPosition();
    }

    /** The stream goes on by this piece. */
    void follow(byte[] piece);

    /** The stream goes on by this piece, and ends with it. */
    void followLast(byte[] piece);

    /** Whether the stream is between two events, where a comment may be added. */
    boolean betweenEvents();

    /** Whether a line has begun that has not ended yet. */
    boolean withinLine();

    /** Whether the stream has had its last event, or an {@code error} event. */
    boolean terminated();

    /** The same for a stream that ends here: its last event may lack the empty line that ends it. */
    boolean terminatedAtEnd();
}
