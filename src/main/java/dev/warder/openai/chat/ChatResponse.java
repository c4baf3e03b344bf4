package dev.warder.openai.chat;

import dev.warder.json.JsonTree;
import dev.warder.stream.EventTooLargeException;
import dev.warder.stream.MessageReader;
import dev.warder.stream.StreamTranslation;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;

/**
 * Translates the response to one chat completion request: text becomes the content, a tool's use a call, thinking
 * {@code reasoning_content}. Thread-safe; each response is translated once.
 */
public final class ChatResponse {
    private final ChatContext context;
    private final ChatHead head;

    /**
     * Translates by what the request asked.
     *
     * @param id identifies the response when the message has no id, without a prefix
     * @param created when the response arrived
     */
    public ChatResponse(ChatContext context, String id, Instant created) {
        this.context = context;
        this.head = new ChatHead(id, created, context.requestedModel());
    }

    /**
     * The translation of an event stream to chunks.
     *
     * @param limit bytes of one event ({@code limits.event})
     */
    public ResponseStream stream(int limit) {
        var writer = new ChatChunkWriter(context, head);
        return new ResponseStream(reader(writer), writer, limit);
    }

    /** The chunks of a whole message, which an upstream may send where a stream was asked for; empty for another body. */
    public Optional<byte[]> chunks(byte[] body) {
        return message(body).map(message -> {
            var writer = new ChatChunkWriter(context, head);
            reader(writer).message(message);
            return writer.take();
        });
    }

    /** The completion made from a whole message, as JSON in UTF-8; empty when {@code body} is no message. */
    public Optional<byte[]> completion(byte[] body) {
        return message(body).map(message -> {
            var writer = new ChatCompletionWriter(context, head);
            var reader = reader(writer);
            reader.expect(JsonTree.array(message, "content"));
            reader.message(message);
            return writer.take();
        });
    }

    private ResponseReader reader(ResponseWriter writer) {
        return new ResponseReader(writer, context);
    }

    public static Optional<JsonObject> message(byte[] body) {
        return JsonTree.parseObject(body, 0, body.length)
                .filter(document -> JsonTree.text(document, "type").equals("message")
                        && document.get("content") instanceof JsonArray);
    }

    /**
     * Translates the event stream of a message, event by event, regardless of how the stream is cut into pieces.
     *
     * <p>A stream that breaks, ends early, cannot be read or reports an error ends with one frame that reports it. Memory:
     * one event, the output made from the last piece, and {@link #kept}.
     *
     * <p>One thread at a time.
     */
    public static final class ResponseStream implements StreamTranslation {
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

        @Override
        public boolean terminated() {
            return reader.terminated();
        }

        @Override
        public boolean failed() {
            return reader.failed();
        }
    }
}
