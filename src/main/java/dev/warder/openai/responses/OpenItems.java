package dev.warder.openai.responses;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.stream.DeltaKind;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The items that have begun and not ended, and the blocks that they are made of. An item ends when the next block begins,
 * because the last one of a message that ends early is incomplete.
 *
 * <p>One thread at a time.
 */
final class OpenItems {
    private static final int EMPTY_LITERAL = 2;

    /** More than the API sends interleaved; an upstream that begins more and ends none would fill the memory. */
    private static final int MOST = 64;

    /** The blocks that have begun and not ended, by their indexes. */
    private final Map<Long, ItemBlock> blocks = new HashMap<>();
    /** In the order of the output. */
    private final List<Item> items = new ArrayList<>();

    /** The bytes that the items keep. */
    long kept() {
        long kept = 0;
        for (Item item : items) {
            kept += item.kept();
        }
        return kept;
    }

    /** An item begins, which is made of this block. */
    void add(long index, Item item) {
        items.add(item);
        assign(index, item);
    }

    /** A block begins, which belongs to an item that was added. */
    void assign(long index, ItemBlock block) {
        blocks.put(index, block);
    }

    /** An item begins, whose block has ended. */
    void add(Item item) {
        items.add(item);
    }

    /** The last item, if it is a message to which a further block of text belongs. */
    Optional<MessageItem> continued() {
        boolean continues =
                !items.isEmpty() && items.get(items.size() - 1) instanceof MessageItem message && message.isStopped();
        return continues ? Optional.of((MessageItem) items.get(items.size() - 1)) : Optional.empty();
    }

    /** The content that a block has at its start is a piece too. */
    void initial(long index, DeltaKind kind, JsonObject block) {
        byte[] literal = JsonText.literal(JsonTree.text(block, kind.member));
        piece(index, kind, literal, 0, literal.length);
    }

    void piece(long index, DeltaKind kind, byte[] bytes, int from, int to) {
        ItemBlock block = blocks.get(index);
        if (block != null && to - from > EMPTY_LITERAL) {
            block.piece(kind, bytes, from, to);
        }
    }

    void citation(long index, JsonObject citation) {
        ItemBlock block = blocks.get(index);
        if (block != null) {
            block.citation(citation);
        }
    }

    /** A block ends, if it is open. */
    void stop(long index) {
        ItemBlock block = blocks.remove(index);
        if (block != null) {
            block.stop();
        }
    }

    /** All blocks end. */
    void stopAll() {
        blocks.values().forEach(ItemBlock::stop);
        blocks.clear();
    }

    /** The items end to which nothing more belongs; all of them, if they are too many. */
    void endStopped() {
        if (items.size() >= MOST) {
            endAll(ItemStatus.COMPLETED);
        }
        var stopped = items.stream().filter(Item::isStopped).toList();
        items.removeAll(stopped);
        stopped.forEach(item -> item.finish(ItemStatus.COMPLETED));
    }

    /** All blocks and items end. */
    void endAll(ItemStatus status) {
        stopAll();
        items.forEach(item -> item.finish(status));
        items.clear();
    }
}
