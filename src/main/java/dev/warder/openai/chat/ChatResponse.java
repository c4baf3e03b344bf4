package dev.warder.openai.chat;

import dev.warder.json.JsonTree;
import dev.warder.stream.DeltaKind;
import dev.warder.stream.EventTooLargeException;
import dev.warder.stream.MessageEvents;
import dev.warder.stream.MessageReader;
import dev.warder.stream.StreamTranslation;
import dev.warder.stream.Usage;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
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

    /**
     * The members that a chat completion and each of its chunks share. Immutable.
     *
     * @param id identifies the response when the message has no id, without a prefix
     * @param created when the response arrived
     * @param model as the client named it
     */
    record ChatHead(String id, Instant created, String model) {
        private static final String UPSTREAM = "msg_";
        private static final String PREFIX = "chatcmpl-";

        /**
         * The members, in a new object.
         *
         * @param object the value of {@code object}
         * @param messageId the upstream's id, so that both sides can refer to it; empty when it has none
         */
        JsonObjectBuilder json(String object, String messageId) {
            String known = messageId.isEmpty() ? id : messageId;
            String bare = known.startsWith(UPSTREAM) ? known.substring(UPSTREAM.length()) : known;
            return JsonTree.newObject()
                    .add("id", PREFIX + bare)
                    .add("object", object)
                    .add("created", created.getEpochSecond())
                    .add("model", model);
        }
    }

    /**
     * Reads a message of the Messages API, event by event or whole, and calls a {@link ResponseWriter}. It keeps the usage
     * so far, the reason of the end and the open blocks, so that a writer knows its dialect only.
     *
     * <p>One thread at a time.
     */
    static final class ResponseReader implements MessageEvents {
        private enum State {
            AHEAD,
            OPEN,
            ENDED,
            FAILED
        }

        private final ResponseWriter writer;
        private final BlockReader blocks;
        private State state = State.AHEAD;
        private Usage usage = Usage.NONE;
        private Ending ending = Ending.UNKNOWN;

        ResponseReader(ResponseWriter writer, ChatContext context) {
            this.writer = writer;
            this.blocks = new BlockReader(writer, context);
        }

        boolean terminated() {
            return state == State.ENDED || state == State.FAILED;
        }

        boolean failed() {
            return state == State.FAILED;
        }

        /** The bytes that it keeps. */
        long kept() {
            return terminated() ? 0 : blocks.kept();
        }

        /** Reads a whole message as a stream would bring it; no event may precede it. */
        void message(JsonObject message) {
            start(message);
            int index = 0;
            for (JsonValue block : JsonTree.array(message, "content")) {
                if (block instanceof JsonObject content) {
                    blockStart(index++, content);
                }
            }
            messageDelta(message, JsonValue.EMPTY_JSON_OBJECT);
            stop();
        }

        /** Announces the blocks of a message that follows whole. */
        void expect(JsonArray content) {
            blocks.expect(content);
        }

        void fail(String message) {
            fail(OpenAiError.badGateway(message));
        }

        private void fail(OpenAiError error) {
            writer.failed(error);
            state = State.FAILED;
        }

        @Override
        public void start(JsonObject message) {
            if (state == State.AHEAD) {
                state = State.OPEN;
                usage = usage.with(JsonTree.object(message, "usage"));
                writer.begin(JsonTree.text(message, "id"));
            }
        }

        private void start() {
            if (state == State.AHEAD) {
                start(JsonValue.EMPTY_JSON_OBJECT);
            }
        }

        @Override
        public void blockStart(long index, JsonObject block) {
            start();
            ending = ending.withBlock(block);
            blocks.begin(index, block);
        }

        @Override
        public void delta(long index, DeltaKind kind, byte[] bytes, int from, int to) {
            start();
            blocks.piece(index, kind, bytes, from, to);
        }

        @Override
        public void blockStop(long index) {
            blocks.end(index);
        }

        @Override
        public void messageDelta(JsonObject delta, JsonObject used) {
            ending = ending.with(delta);
            usage = usage.with(used);
        }

        @Override
        public void stop() {
            start();
            blocks.endAll();
            writer.end(ending, usage);
            state = State.ENDED;
        }

        @Override
        public void error(JsonObject event) {
            fail(OpenAiError.of(event));
        }

        @Override
        public void unreadable() {
            fail("The upstream sent an event that cannot be read.");
        }
    }
}
