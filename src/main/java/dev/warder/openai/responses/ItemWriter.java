package dev.warder.openai.responses;

import dev.warder.http.ErrorReply;
import dev.warder.json.JsonTree;
import dev.warder.openai.shared.Ending;
import dev.warder.openai.shared.MessageTranslation;
import dev.warder.openai.shared.OpenAiError;
import dev.warder.openai.shared.Pieces;
import dev.warder.openai.shared.ReasoningSeal;
import dev.warder.stream.DeltaKind;
import dev.warder.stream.Usage;
import jakarta.json.JsonObject;
import java.util.Optional;

/**
 * Translates a message to the events of a response. It keeps the output, which the last event repeats. One that fails ends with
 * {@code response.failed}.
 *
 * <p>One thread at a time.
 */
final class ItemWriter extends MessageTranslation {
    private static final String UPSTREAM = "msg_";

    private final ResponseDocument document;
    private final EventBuffer events = new EventBuffer();
    private final Output output = new Output(events);
    private final ItemBlocks blocks;
    private String id;
    private ResponseEnd outcome = ResponseEnd.begun(EventName.CREATED);

    ItemWriter(ResponsesContext context, ReasoningSeal seal, ResponseDocument document, String id) {
        this.document = document;
        this.blocks = new ItemBlocks(context, seal, output);
        this.id = id;
    }

    /** The bytes of the output so far, and of what else is kept until the end. */
    @Override
    public long kept() {
        return terminated() ? 0 : document.kept() + output.kept() + blocks.kept();
    }

    @Override
    public void message(JsonObject message) {
        blocks.expect(JsonTree.array(message, "content"));
        super.message(message);
    }

    /** The response object of a whole message, without events. */
    byte[] document(JsonObject message) {
        events.mute(true);
        message(message);
        return document.json(id, outcome, output.json()).bytes();
    }

    @Override
    protected void wholeBlock(long index, JsonObject block) {
        super.wholeBlock(index, block);
        blockStop(index);
    }

    /** The bytes that were written since the last call; the output is released with the last event. */
    @Override
    protected byte[] take() {
        if (terminated()) {
            output.clear();
        }
        return events.take();
    }

    @Override
    public byte[] whileSilent() {
        create("");
        if (!terminated()) {
            opened();
        }
        return take();
    }

    @Override
    public Optional<byte[]> failure(ErrorReply reply) {
        if (!terminated()) {
            fail(OpenAiError.of(reply), advice(reply));
        }
        return Optional.of(take());
    }

    private static String advice(ErrorReply reply) {
        return reply.fields().stream()
                .filter(field -> field.name().equalsIgnoreCase("retry-after"))
                .findFirst()
                .map(field -> ResponseEnd.tryAgain(field.value()))
                .orElse("");
    }

    @Override
    protected void begin(String messageId) {
        String known = messageId.isEmpty() ? id : messageId;
        id = known.startsWith(UPSTREAM) ? known.substring(UPSTREAM.length()) : known;
        output.identify(id);
        write(ResponseEnd.begun(EventName.CREATED));
    }

    @Override
    protected void opened() {
        write(ResponseEnd.begun(EventName.IN_PROGRESS));
    }

    private void write(ResponseEnd state) {
        if (!events.isMuted()) {
            var items = state.isBegun() ? new Pieces() : output.json();
            events.begin(state.event())
                    .add(",\"response\":")
                    .add(document.json(id, state, items))
                    .end();
        }
    }

    @Override
    protected void begin(long index, JsonObject block) {
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
    protected void end(Ending reason, Usage used) {
        var ending = blocks.handOver() ? reason.handedOver() : reason;
        if (ending.refused()) {
            blocks.refuse(ending.refusal());
        }
        blocks.open().endAll(ending.incomplete().isPresent() ? ItemStatus.INCOMPLETE : ItemStatus.COMPLETED);
        outcome = ResponseEnd.of(ending, used);
        write(outcome);
    }

    /** Items that did not end are in the last event only. */
    @Override
    protected void report(OpenAiError error, String advice) {
        create("");
        blocks.open().endStopped();
        events.mute(true);
        blocks.open().endAll(ItemStatus.INCOMPLETE);
        events.mute(false);
        write(ResponseEnd.failed(error, advice));
    }
}
