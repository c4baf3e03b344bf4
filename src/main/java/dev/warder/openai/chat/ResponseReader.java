package dev.warder.openai.chat;

import dev.warder.json.JsonTree;
import dev.warder.stream.DeltaKind;
import dev.warder.stream.MessageEvents;
import dev.warder.stream.Usage;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;

/**
 * Reads a message of the Messages API, event by event or whole, and calls a {@link ResponseWriter}. It keeps the usage so
 * far, the reason of the end and the open blocks, so that a writer knows its dialect only.
 *
 * <p>One thread at a time.
 */
final class ResponseReader implements MessageEvents {
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
