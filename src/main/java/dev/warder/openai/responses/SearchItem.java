package dev.warder.openai.responses;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.openai.chat.Pieces;
import dev.warder.openai.responses.ItemBlocks.Input;
import dev.warder.openai.shared.ReasoningSeal;
import dev.warder.stream.DeltaKind;
import jakarta.json.JsonObject;
import java.util.Optional;

/**
 * An item {@code web_search_call}: a use of the API's own tool, and the block with its result. Both are packed into a
 * reasoning item that follows, so that the next request has them. A use without a result is packed too: the API runs it when
 * the turn goes on. One thread at a time.
 */
final class SearchItem implements Item {
    private final Output output;
    private final Optional<ReasoningSeal> seal;
    private final JsonObject block;
    private final ItemReference reference;
    private final Input initial;
    private final Pieces input = new Pieces();
    private Optional<JsonObject> read = Optional.empty();
    private Optional<JsonObject> result = Optional.empty();
    private boolean isPacked;
    private boolean isFinished;

    /** @param block begins the tool's use */
    SearchItem(Output output, Optional<ReasoningSeal> seal, JsonObject block) {
        this.output = output;
        this.seal = seal;
        this.block = block;
        this.reference = output.next("ws_");
        this.initial = new Input(block);
        output.added(reference, json("in_progress"));
        event(EventName.SEARCH_IN_PROGRESS);
    }

    private void event(EventName name) {
        output.events().begin(name).add(reference.members()).end();
    }

    @Override
    public void piece(DeltaKind kind, byte[] bytes, int from, int to) {
        if (kind == DeltaKind.INPUT) {
            initial.arrived();
            input.add(bytes, from + 1, to - 1);
        }
    }

    @Override
    public void stop() {
        initial.initial().ifPresent(literal -> piece(DeltaKind.INPUT, literal, 0, literal.length));
        read = JsonTree.parseObject(input.text());
        event(EventName.SEARCH_SEARCHING);
    }

    void result(JsonObject content) {
        if (!isFinished) {
            result = Optional.of(content);
            event(EventName.SEARCH_COMPLETED);
        }
    }

    /** A search waits for its result, also after its own block. */
    @Override
    public boolean isStopped() {
        return result.isPresent();
    }

    @Override
    public void finish(ItemStatus status) {
        isFinished = true;
        boolean failed = result.filter(content -> content.get("content") instanceof JsonObject)
                .isPresent();
        output.done(reference, json(failed ? "failed" : result.isPresent() ? "completed" : "incomplete"));
        pack(result);
    }

    void packUse() {
        pack(Optional.empty());
    }

    private void pack(Optional<JsonObject> found) {
        if (seal.isEmpty() || read.isEmpty()) {
            return;
        }
        var blocks = JsonTree.newArray();
        if (!isPacked) {
            blocks.add(JsonTree.newObject(block).add("input", read.get()));
        }
        found.ifPresent(blocks::add);
        if (!isPacked || found.isPresent()) {
            ReasoningItem.sealed(output, seal.get(), blocks.build().toString());
        }
        isPacked = true;
    }

    private Pieces json(String status) {
        String query = read.flatMap(object -> JsonTree.findText(object, "query"))
                .map(JsonText::quote)
                .map(text -> ",\"query\":" + text + ",\"queries\":[" + text + "]")
                .orElse("");
        return new Pieces(reference.head("web_search_call") + ",\"action\":{\"type\":\"search\"" + query
                + "},\"status\":\"" + status + "\"}");
    }

    @Override
    public long kept() {
        return input.length() + initial.kept();
    }
}
