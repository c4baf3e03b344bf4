package dev.warder.openai.responses;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.openai.shared.CustomText;
import dev.warder.openai.shared.Pieces;
import dev.warder.openai.shared.ReasoningSeal;
import dev.warder.stream.DeltaKind;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes items of the content blocks of a message. Blocks of kinds that have no item are skipped.
 *
 * <p>One thread at a time.
 */
final class ItemBlocks {
    private static final String RESULT = "web_search_tool_result";

    private final Output output;
    private final boolean summary;
    private final Optional<ReasoningSeal> seal;
    private final Optional<String> unwrappedTool;
    private final ToolNames tools;
    /** Counted once, because a client decides how many tools there are. */
    private final long namesOfTools;

    private final OpenItems open = new OpenItems();
    /** The searches that wait for their results, by the id of the tool's use. */
    private final Map<String, SearchItem> searches = new LinkedHashMap<>(0);

    private boolean unwrapped;
    private boolean textIsThinking;
    private boolean called;

    ItemBlocks(ResponsesContext context, ReasoningSeal seal, Output output) {
        this.output = output;
        this.summary = context.summary();
        this.seal = context.encryptedReasoning() ? Optional.of(seal) : Optional.empty();
        this.unwrappedTool = context.unwrappedTool();
        this.tools = context.tools();
        this.namesOfTools = tools.memory();
    }

    /** The bytes that the items keep that have not ended, and the names of the tools. */
    long kept() {
        return namesOfTools + open.kept();
    }

    boolean handOver() {
        return called && seal.isPresent();
    }

    OpenItems open() {
        return open;
    }

    /**
     * Announces the blocks of a whole message. A text before the input of the unwrapped tool would make that input
     * unreadable, as one after it does; in a stream it is passed on before the input is known.
     */
    void expect(JsonArray content) {
        textIsThinking = content.stream()
                .anyMatch(value -> value instanceof JsonObject block
                        && JsonTree.text(block, "type").equals("tool_use")
                        && unwraps(JsonTree.text(block, "name")));
    }

    void begin(long index, JsonObject block) {
        open.stop(index);
        String type = JsonTree.text(block, "type");
        if (!type.equals("server_tool_use") && !type.equals(RESULT)) {
            searches.values().forEach(SearchItem::packUse);
        }
        if (type.equals("text") && !textIsThinking) {
            text(index, block);
            return;
        }
        if (type.equals("tool_use") && unwraps(JsonTree.text(block, "name"))) {
            unwrap(index, block);
            return;
        }
        var search = Optional.ofNullable(searches.remove(JsonTree.text(block, "tool_use_id")));
        search.ifPresent(waiting -> waiting.result(block));
        open.endStopped();
        switch (type) {
            case "text" -> thinking(index, DeltaKind.TEXT, block, Optional.empty());
            case "thinking" -> thinking(index, DeltaKind.THINKING, block, seal);
            case "redacted_thinking" -> pack(block);
            case "tool_use" -> toolUse(index, block);
            case "server_tool_use" -> search(index, block);
            // The result of an earlier message's search, which waited for the turn to go on.
            case RESULT -> {
                if (search.isEmpty()) {
                    pack(block);
                }
            }
            default -> {
                // Kinds that are new in the API.
            }
        }
    }

    private void text(long index, JsonObject block) {
        var item = message(DeltaKind.TEXT);
        open.assign(index, item);
        open.initial(index, DeltaKind.TEXT, block);
        for (JsonValue citation : JsonTree.array(block, "citations")) {
            if (citation instanceof JsonObject source) {
                item.citation(source);
            }
        }
    }

    private MessageItem message(DeltaKind deltas) {
        var message = open.continued().orElseGet(this::newMessage);
        message.begin(deltas);
        return message;
    }

    private MessageItem newMessage() {
        open.endStopped();
        var message = new MessageItem(output);
        open.add(message);
        return message;
    }

    private void thinking(long index, DeltaKind kind, JsonObject block, Optional<ReasoningSeal> packs) {
        if (summary || packs.isPresent()) {
            open.add(index, new ReasoningItem(output, kind, summary, packs));
            open.initial(index, kind, block);
            open.initial(index, DeltaKind.SIGNATURE, block);
        }
    }

    private void pack(JsonObject block) {
        seal.ifPresent(packs -> ReasoningItem.sealed(output, packs, "[" + block + "]"));
    }

    private void toolUse(long index, JsonObject block) {
        called = true;
        CalledTool tool = tools.called(JsonTree.text(block, "name"));
        open.add(
                index,
                switch (tool.kind()) {
                    case FUNCTION, CUSTOM -> new CallItem(output, tool, block);
                    case LOCAL_SHELL, SHELL, APPLY_PATCH -> new ActionItem(output, tool.kind(), block);
                });
    }

    private boolean unwraps(String tool) {
        return unwrappedTool.isPresent() && unwrappedTool.get().equals(tool);
    }

    private void unwrap(long index, JsonObject block) {
        textIsThinking = true;
        if (!unwrapped) {
            unwrapped = true;
            open.assign(index, new UnwrappedInput(message(DeltaKind.INPUT), block));
        }
    }

    private void search(long index, JsonObject block) {
        if (JsonTree.text(block, "name").equals("web_search")) {
            var item = new SearchItem(output, seal, block);
            open.add(index, item);
            searches.put(JsonTree.text(block, "id"), item);
        }
    }

    /** The model refused: the message of the text before ends with the reason. */
    void refuse(String reason) {
        open.stopAll();
        message(DeltaKind.TEXT).refuse(reason);
    }

    /** The input of the unwrapped tool, which is a text of a message. One thread at a time. */
    private static final class UnwrappedInput extends ToolInput {
        private final MessageItem message;

        UnwrappedInput(MessageItem message, JsonObject block) {
            super(block);
            this.message = message;
        }

        @Override
        protected void add(byte[] bytes, int from, int to) {
            message.piece(DeltaKind.INPUT, bytes, from, to);
        }

        @Override
        protected void stopped() {
            message.stop();
        }
    }

    /**
     * The items that have begun and not ended, and the blocks that they are made of. An item ends when the next block
     * begins, because the last one of a message that ends early is incomplete.
     *
     * <p>One thread at a time.
     */
    static final class OpenItems {
        private static final int EMPTY_LITERAL = 2;

        /** More than the API sends interleaved; an upstream that begins more and ends none would fill the memory. */
        private static final int MOST = 64;

        /** The blocks that have begun and not ended, by their indexes. */
        private final Map<Long, ItemBlock> blocks = new HashMap<>();

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
            boolean continues = !items.isEmpty()
                    && items.get(items.size() - 1) instanceof MessageItem message
                    && message.isStopped();
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

    /** The receiver of what a content block has, from its beginning to its end. One thread at a time. */
    interface ItemBlock {
        /** A piece, as {@link dev.warder.stream.MessageEvents#delta} passes it; kinds that the block has not are ignored. */
        void piece(DeltaKind kind, byte[] bytes, int from, int to);

        default void citation(JsonObject citation) {}

        /** The block has ended. */
        void stop();
    }

    /**
     * An item {@code function_call}, whose arguments are the input's JSON text as it arrives, or {@code
     * custom_tool_call}, whose input is
     * the text in that JSON. One thread at a time.
     */
    static final class CallItem extends ToolInput implements Item {
        private final Output output;
        private final ItemReference reference;
        private final Optional<CustomText> text;
        private final String member;
        private final String head;

        /** Known when the block has ended: clients run a call that is completed. */
        private ItemStatus status = ItemStatus.IN_PROGRESS;

        /** @param block begins the tool's use */
        CallItem(Output output, CalledTool tool, JsonObject block) {
            super(block);
            boolean custom = tool.kind() == ToolKind.CUSTOM;
            this.output = output;
            this.reference = output.next(custom ? "ctc_" : "fc_");
            this.text = custom ? Optional.of(new CustomText()) : Optional.empty();
            this.member = custom ? ",\"input\":\"" : ",\"arguments\":\"";
            String namespace = tool.namespace()
                    .map(name -> ",\"namespace\":" + JsonText.quote(name))
                    .orElse("");
            this.head = reference.head(custom ? "custom_tool_call" : "function_call") + ",\"call_id\":"
                    + JsonText.quote(JsonTree.text(block, "id")) + ",\"name\":" + JsonText.quote(tool.name())
                    + namespace
                    + member;
            output.added(reference, item());
        }

        @Override
        protected void add(byte[] bytes, int from, int to) {
            if (text.isPresent()) {
                delta(text.get().feed(bytes, from + 1, to - 1));
            } else {
                super.add(bytes, from, to);
                output.events().delta(EventName.ARGUMENTS_DELTA, reference.members(), bytes, from, to, EventBuffer.END);
            }
        }

        private void delta(byte[] piece) {
            if (piece.length > 0) {
                input.add(piece, 0, piece.length);
                output.events()
                        .begin(EventName.INPUT_DELTA)
                        .add(reference.members())
                        .add(",\"delta\":\"")
                        .add(piece)
                        .add("\"")
                        .end();
            }
        }

        @Override
        protected void stopped() {
            text.ifPresent(custom -> delta(custom.end()));
            status = ItemStatus.ofCall(text.map(CustomText::isComplete)
                    .orElseGet(() -> JsonTree.parseObject(input.text()).isPresent()));
            if (status == ItemStatus.COMPLETED) {
                var done = text.isPresent() ? EventName.INPUT_DONE : EventName.ARGUMENTS_DONE;
                output.events()
                        .write(
                                done,
                                reference.members(),
                                new Pieces(member).add(input).add("\""));
            }
        }

        @Override
        public boolean isStopped() {
            return status != ItemStatus.IN_PROGRESS;
        }

        @Override
        public void finish(ItemStatus ofMessage) {
            output.called(reference, item(), status);
        }

        private Pieces item() {
            return new Pieces(head).add(input).add("\"" + status.end());
        }

        @Override
        public long kept() {
            return super.kept() + text.map(CustomText::kept).orElse(0L);
        }
    }
}
