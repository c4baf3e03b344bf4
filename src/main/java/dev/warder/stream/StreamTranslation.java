package dev.warder.stream;

import dev.warder.http.ErrorReply;
import java.util.Optional;

/**
 * Translates the event stream of one response into that of another dialect. The arrays that it returns belong to the caller. One
 * thread at a time.
 */
public interface StreamTranslation {
    /** The translation of the next bytes: whole events, or empty. */
    byte[] feed(byte[] piece);

    byte[] end();

    /** Whether the stream has failed: the bytes returned last end with an {@code error} event that gives the reason. */
    boolean failed();

    /** Whether the stream has had its last event, or an {@code error} event: nothing is returned any more. */
    boolean terminated();

    /** Bytes of the response so far that are kept for its end; 0 where nothing is kept. */
    default long kept() {
        return 0;
    }

    default byte[] whileSilent() {
        return new byte[0];
    }

    /**
     * The event that ends a stream which cannot go on, after the last one that was returned. Empty where the dialect has
     * no more than an {@code error} event for that.
     *
     * @return the event, without bytes where the stream has had its last event
     */
    default Optional<byte[]> failure(ErrorReply reply) {
        return Optional.empty();
    }
}
