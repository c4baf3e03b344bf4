package dev.warder.openai.responses;

import dev.warder.json.JsonTree;
import dev.warder.openai.chat.Ending;
import dev.warder.openai.chat.OpenAiError;
import dev.warder.openai.chat.Pieces;
import dev.warder.openai.shared.ReasoningSeal;
import dev.warder.stream.DeltaKind;
import dev.warder.stream.MessageEvents;
import dev.warder.stream.Usage;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;

/**
 * Writes the events of a response while it receives those of a message. It keeps the usage so far, the reason of the end and
 * the output, which the last event repeats.
 *
 * <p>One thread at a time.
 */
final class ItemWriter implements MessageEvents {
    private enum State {
        AHEAD,
        OPEN,
        ENDED,
        FAILED
    }

    private static final String UPSTREAM = "msg_";

    private final ResponseDocument document;
    private final EventBuffer events = new EventBuffer();
    private final Output output = new Output(events);
    private final ItemBlocks blocks;
    private String id;

    private State state = State.AHEAD;
    private Usage usage = Usage.NONE;
    private Ending ending = Ending.UNKNOWN;

    ItemWriter(ResponsesContext context, ReasoningSeal seal, ResponseDocument document, String id) {
        this.document = document;
        this.blocks = new ItemBlocks(context, seal, output);
        this.id = id;
    }

    EventBuffer events() {
        return events;
    }

    /** The bytes of the output so far, and of what else is kept until the end. */
    long kept() {
        return terminated() ? 0 : document.kept() + output.kept() + blocks.kept();
    }

    boolean terminated() {
        return state == State.ENDED || state == State.FAILED;
    }

    boolean failed() {
        return state == State.FAILED;
    }

    /** Reads a whole message as a stream would bring it; no event may precede it. */
    void message(JsonObject message) {
        blocks.expect(JsonTree.array(message, "content"));
        start(message);
        int index = 0;
        for (JsonValue value : JsonTree.array(message, "content")) {
            if (value instanceof JsonObject block) {
                blockStart(index, block);
                blockStop(index++);
            }
        }
        messageDelta(message, JsonValue.EMPTY_JSON_OBJECT);
        stop();
    }

    byte[] document() {
        return document.json(id, ResponseEnd.of(ending, usage), output.json()).bytes();
    }

    /** The bytes that were written since the last call; the output is released with the last event. */
    byte[] take() {
        if (terminated()) {
            output.clear();
        }
        return events.take();
    }

    void inProgress() {
        create("");
        if (state == State.OPEN) {
            write(ResponseEnd.begun(EventName.IN_PROGRESS));
        }
    }

    @Override
    public void start(JsonObject message) {
        usage = usage.with(JsonTree.object(message, "usage"));
        open(JsonTree.text(message, "id"));
    }

    private void open(String messageId) {
        if (state == State.AHEAD) {
            create(messageId);
            inProgress();
        }
    }

    private void create(String messageId) {
        if (state != State.AHEAD) {
            return;
        }
        state = State.OPEN;
        String known = messageId.isEmpty() ? id : messageId;
        id = known.startsWith(UPSTREAM) ? known.substring(UPSTREAM.length()) : known;
        output.identify(id);
        write(ResponseEnd.begun(EventName.CREATED));
    }

    private void write(ResponseEnd outcome) {
        if (!events.isMuted()) {
            var items = outcome.isBegun() ? new Pieces() : output.json();
            events.begin(outcome.event())
                    .add(",\"response\":")
                    .add(document.json(id, outcome, items))
                    .end();
        }
    }

    @Override
    public void blockStart(long index, JsonObject block) {
        open("");
        ending = ending.withBlock(block);
        blocks.begin(index, block);
    }

    @Override
    public void delta(long index, DeltaKind kind, byte[] bytes, int from, int to) {
        blocks.open().piece(index, kind, bytes, from, to);
    }

    @Override
    public void citation(long index, JsonObject citation) {
        blocks.open().citation(index, citation);
    }

    @Override
    public void blockStop(long index) {
        blocks.open().stop(index);
    }

    @Override
    public void messageDelta(JsonObject delta, JsonObject used) {
        ending = ending.with(delta);
        usage = usage.with(used);
    }

    @Override
    public void stop() {
        open("");
        if (blocks.handOver()) {
            ending = ending.handedOver();
        }
        if (ending.refused()) {
            blocks.refuse(ending.refusal());
        }
        blocks.open().endAll(ending.incomplete().isPresent() ? ItemStatus.INCOMPLETE : ItemStatus.COMPLETED);
        write(ResponseEnd.of(ending, usage));
        state = State.ENDED;
    }

    @Override
    public void error(JsonObject event) {
        fail(OpenAiError.of(event), "");
    }

    @Override
    public void unreadable() {
        unusable("The upstream sent an event that cannot be read.");
    }

    void unusable(String message) {
        fail(OpenAiError.badGateway(message), "");
    }

    /**
     * The response fails. Items that did not end are in the last event only.
     *
     * @param advice when to try again; may be empty
     */
    void fail(OpenAiError error, String advice) {
        create("");
        blocks.open().endStopped();
        events.mute(true);
        blocks.open().endAll(ItemStatus.INCOMPLETE);
        events.mute(false);
        write(ResponseEnd.failed(error, advice));
        state = State.FAILED;
    }
}
