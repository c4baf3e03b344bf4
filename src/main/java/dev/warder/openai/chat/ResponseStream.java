package dev.warder.openai.chat;

import dev.warder.stream.EventTooLargeException;
import dev.warder.stream.MessageReader;
import dev.warder.stream.StreamTranslation;
import java.nio.ByteBuffer;

/**
 * Translates the event stream of a message, event by event, regardless of how the stream is cut into pieces.
 *
 * <p>A stream that breaks, ends early, cannot be read or reports an error ends with one frame that reports it. Memory:
 * one event, the output made from the last piece, and {@link #kept}.
 *
 * <p>One thread at a time.
 */
public final class ResponseStream implements StreamTranslation {
    private final MessageReader message;
    private final ResponseReader reader;
    private final ResponseWriter writer;

    /**
     * Translates one stream.
     *
     * @param reader calls {@code writer}
     * @param limit bytes of one event ({@code limits.event})
     */
    ResponseStream(ResponseReader reader, ResponseWriter writer, int limit) {
        this.message = new MessageReader(limit, reader);
        this.reader = reader;
        this.writer = writer;
    }

    @Override
    public byte[] feed(byte[] piece) {
        return feed(ByteBuffer.wrap(piece));
    }

    /**
     * Reads the remaining bytes of {@code piece} without consuming them.
     *
     * @return the frames made from it; empty when no event ended, or none that the client receives
     */
    public byte[] feed(ByteBuffer piece) {
        if (!terminated()) {
            try {
                message.feed(piece);
            } catch (EventTooLargeException tooLarge) {
                reader.fail("The upstream sent an event that is too large.");
            }
        }
        return writer.take();
    }

    /** The remaining frames, after the upstream has ended its stream. */
    @Override
    public byte[] end() {
        if (!terminated()) {
            message.end();
        }
        if (!terminated()) {
            reader.fail("The upstream ended the stream early.");
        }
        return writer.take();
    }

    /** The bytes of custom tools' inputs whose text is not known yet. */
    @Override
    public long kept() {
        return reader.kept();
    }

    /** Whether the last frame was written. */
    @Override
    public boolean terminated() {
        return reader.terminated();
    }

    /** Whether the stream ended with an error. */
    @Override
    public boolean failed() {
        return reader.failed();
    }
}
