package dev.warder.openai;

import dev.warder.http.Dialect;
import dev.warder.http.ErrorReply;
import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.messages.DeltaKind;
import dev.warder.messages.MessageEvents;
import dev.warder.messages.MessageReader;
import dev.warder.messages.Usage;
import dev.warder.sse.EventStreamTransformer;
import dev.warder.sse.EventTooLargeException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * Makes the chunks of a chat completion of a message's event stream, event by event and however the stream is cut into
 * pieces. Its output consists of whole frames, so that a comment may follow any of them.
 *
 * <p>A stream ends with {@code [DONE]}; one that breaks, ends early, cannot be read or reports an error ends with one
 * frame that reports it, and without {@code [DONE]}. Memory: one event and the chunks that came of the last piece.
 *
 * <p>One thread at a time.
 */
public final class ChatStream implements EventStreamTransformer {
    private enum State {
        /** Nothing was written yet. */
        AHEAD,
        OPEN,
        DONE,
        FAILED
    }

    private final ChatContext context;
    private final String id;
    private final Instant created;
    private final MessageReader message;
    private final ChunkWriter chunks;
    private final ChatBlocks blocks;
    private State state = State.AHEAD;
    private Usage usage = Usage.NONE;
    private ChatEnding ending = ChatEnding.UNKNOWN;

    /**
     * @param id identifies the response when the message has no id, without a prefix
     * @param created when the response arrived
     * @param limit bytes of one event ({@code limits.event})
     */
    public ChatStream(ChatContext context, String id, Instant created, int limit) {
        this.context = context;
        this.id = id;
        this.created = created;
        message = new MessageReader(limit, new Events());
        chunks = new ChunkWriter(context);
        blocks = new ChatBlocks(context, chunks);
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
            chunks.expect(piece.remaining());
            try {
                message.feed(piece);
            } catch (EventTooLargeException tooLarge) {
                lost("The upstream sent an event that is too large.");
            }
        }
        return chunks.take();
    }

    /**
     * A whole message, which an upstream may send where a stream was asked for, as chunks; {@link #feed} must not be
     * called before.
     *
     * @param body the message; anything else ends the stream with an error
     */
    public byte[] whole(byte[] body) {
        JsonObject document = JsonTree.parseObject(body, 0, body.length).orElse(JsonValue.EMPTY_JSON_OBJECT);
        if (ChatAnswer.isMessage(document)) {
            message(document);
        } else {
            lost("The upstream's response is not a message.");
        }
        return chunks.take();
    }

    /** The rest of the chunks, after the upstream has ended its stream. */
    @Override
    public byte[] end() {
        if (!terminated()) {
            message.end();
        }
        if (!terminated()) {
            lost("The upstream ended the stream early.");
        }
        return chunks.take();
    }

    /** Whether the last frame was written: {@code [DONE]} or an error. */
    boolean terminated() {
        return state == State.DONE || state == State.FAILED;
    }

    /** Whether the stream ended with an error. */
    @Override
    public boolean failed() {
        return state == State.FAILED;
    }

    private void lost(String message) {
        fatal(Dialect.OPENAI.body(ErrorReply.badGateway(message), id));
    }

    private void fatal(byte[] json) {
        chunks.error(json);
        state = State.FAILED;
    }

    private void message(JsonObject message) {
        begin(message);
        int index = 0;
        for (JsonValue block : JsonTree.array(message, "content")) {
            if (block instanceof JsonObject content) {
                blocks.begin(index++, content);
            }
        }
        ending(message, JsonValue.EMPTY_JSON_OBJECT);
        finish();
    }

    private void begin(JsonObject message) {
        if (state == State.AHEAD) {
            state = State.OPEN;
            usage = usage.with(JsonTree.object(message, "usage"));
            chunks.head(ChatHead.of(message, id, created, context));
            chunks.delta("{\"role\":\"assistant\",\"content\":\"\"}");
        }
    }

    private void ending(JsonObject told, JsonObject used) {
        ending = ending.with(told);
        usage = usage.with(used);
    }

    private void finish() {
        begin();
        blocks.endAll();
        if (ending.refused()) {
            byte[] literal = JsonText.literal(ending.refusal());
            chunks.piece(DeltaPlace.REFUSAL, literal, 0, literal.length);
        }
        chunks.finish(ending.finishReason(context, blocks.calls()));
        if (context.includeUsage()) {
            chunks.usage(usage);
        }
        chunks.done();
        state = State.DONE;
    }

    /** The first chunk names the role, however the stream begins. */
    private void begin() {
        begin(JsonValue.EMPTY_JSON_OBJECT);
    }

    private final class Events implements MessageEvents {
        @Override
        public void start(JsonObject message) {
            begin(message);
        }

        @Override
        public void blockStart(long index, JsonObject block) {
            begin();
            blocks.begin(index, block);
        }

        @Override
        public void delta(long index, DeltaKind kind, byte[] bytes, int from, int to) {
            begin();
            blocks.piece(index, kind, bytes, from, to);
        }

        @Override
        public void blockStop(long index) {
            blocks.end(index);
        }

        @Override
        public void messageDelta(JsonObject delta, JsonObject used) {
            ending(delta, used);
        }

        @Override
        public void stop() {
            finish();
        }

        @Override
        public void error(JsonObject event) {
            fatal(ChatError.of(event).body());
        }

        @Override
        public void unreadable() {
            lost("The upstream sent an event that cannot be read.");
        }
    }
}
