package dev.warder.openai.responses;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.openai.shared.Pieces;
import dev.warder.openai.shared.ReasoningSeal;
import jakarta.json.JsonObject;
import java.util.Optional;

/**
 * An item {@code web_search_call}: a use of the API's own tool, and the block with its result. Both are packed into a
 * reasoning item that follows, so that the next request has them. A use without a result is packed too: the API runs it when
 * the turn goes on. One thread at a time.
 */
final class SearchItem extends ToolInput implements Item {
    private final Output output;
    private final Optional<ReasoningSeal> seal;
    private final JsonObject block;
    private final ItemReference reference;
    private Optional<JsonObject> read = Optional.empty();
    private Optional<JsonObject> result = Optional.empty();
    private boolean isPacked;
    private boolean isFinished;

    /** @param block begins the tool's use */
    SearchItem(Output output, Optional<ReasoningSeal> seal, JsonObject block) {
        super(block);
        this.output = output;
        this.seal = seal;
        this.block = block;
        this.reference = output.next("ws_");
        output.added(reference, json("in_progress"));
        event(EventName.SEARCH_IN_PROGRESS);
    }

    private void event(EventName name) {
        output.events().begin(name).add(reference.members()).end();
    }

    @Override
    protected void stopped() {
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
}
