package dev.warder.openai.responses;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.openai.responses.Output.EventName;
import dev.warder.openai.shared.Pieces;
import dev.warder.openai.shared.ReasoningSeal;
import dev.warder.stream.MessageReader.DeltaKind;
import jakarta.json.JsonObject;
import java.util.Optional;

/**
 * An item {@code web_search_call}: a use of the API's own tool, and the block with its result. Both are packed into a
 * reasoning item that follows, so that the next request has them. A use without a result is packed too: the API runs it when
 * the turn goes on. One thread at a time.
 */
final class SearchItem extends Item {
    private final Optional<ReasoningSeal> seal;
    private final JsonObject block;
    private Optional<JsonObject> read = Optional.empty();
    private Optional<JsonObject> result = Optional.empty();
    private boolean isPacked;
    private boolean isFinished;

    /** @param block begins the tool's use */
    SearchItem(Output output, Optional<ReasoningSeal> seal, JsonObject block) {
        super(output, "ws_");
        this.seal = seal;
        this.block = block;
        begin(DeltaKind.INPUT, block);
        event(EventName.SEARCH_IN_PROGRESS);
    }

    private void event(EventName name) {
        output.write(name, begun().members, "");
    }

    @Override
    protected void stopped() {
        read = JsonTree.parseObject(text.text());
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
    boolean isStopped() {
        return result.isPresent();
    }

    @Override
    void finish(Item.Status status) {
        isFinished = true;
        super.finish(result.map(SearchItem::status).orElse(Item.Status.INCOMPLETE));
        pack(result);
    }

    private static Item.Status status(JsonObject result) {
        return result.get("content") instanceof JsonObject ? Item.Status.FAILED : Item.Status.COMPLETED;
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

    @Override
    protected Pieces json(Item.Reference known, Item.Status status) {
        String query = read.flatMap(object -> JsonTree.findText(object, "query"))
                .map(JsonText::quote)
                .map(quoted -> ",\"query\":" + quoted + ",\"queries\":[" + quoted + "]")
                .orElse("");
        return new Pieces(
                known.head("web_search_call") + ",\"action\":{\"type\":\"search\"" + query + "}" + status.end());
    }
}
