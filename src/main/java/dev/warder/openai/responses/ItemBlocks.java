package dev.warder.openai.responses;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.openai.responses.CalledTool.ToolKind;
import dev.warder.openai.responses.CalledTool.ToolNames;
import dev.warder.openai.responses.Output.EventName;
import dev.warder.openai.responses.ResponsesRequestReader.ResponsesContext;
import dev.warder.openai.shared.CustomText;
import dev.warder.openai.shared.InputText;
import dev.warder.openai.shared.Pieces;
import dev.warder.openai.shared.PropertyNames;
import dev.warder.openai.shared.ReasoningSeal;
import dev.warder.stream.MessageReader.DeltaKind;
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
 * Makes items of the content blocks of a message, and has those that have begun and not ended. Blocks of kinds that have no item
 * are skipped. An item ends when the next block begins, because the last one of a message that ends early is incomplete.
 *
 * <p>One thread at a time.
 */
final class ItemBlocks {
    private static final String RESULT = "web_search_tool_result";
    private static final int EMPTY_LITERAL = 2;

    /** More than the API sends interleaved; an upstream that begins more and ends none would fill the memory. */
    private static final int MOST = 64;

    private final Output output;
    private final boolean summary;
    private final Optional<ReasoningSeal> seal;
    private final Optional<String> unwrappedTool;
    private final ToolNames tools;
    private final PropertyNames names;
    /** Counted once, because a client decides how many tools there are. */
    private final long namesOfTools;

    /** The items of the blocks that have begun and not ended, by the indexes of the blocks. */
    private final Map<Long, Item> open = new HashMap<>();

    private final List<Item> items = new ArrayList<>();

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
        this.names = context.names();
        this.namesOfTools = tools.memory() + names.memory();
    }

    /** The bytes that the items keep that have not ended, and the names of the tools and of their properties. */
    long kept() {
        long kept = namesOfTools;
        for (Item item : items) {
            kept += item.kept();
        }
        return kept;
    }

    boolean handOver() {
        return called && seal.isPresent();
    }

    /**
     * Announces the blocks of a whole message. A text before the input of the unwrapped tool would make that input
     * unreadable, as one after it does; in a stream it is passed on before the input is known.
     */
    void expect(JsonArray content) {
        textIsThinking = content.stream().anyMatch(value -> value instanceof JsonObject block && isUnwrapped(block));
    }

    void begin(long index, JsonObject block) {
        stop(index);
        String type = JsonTree.text(block, "type");
        if (!type.equals("server_tool_use") && !type.equals(RESULT)) {
            searches.values().forEach(SearchItem::packUse);
        }
        if (type.equals("text") && !textIsThinking) {
            text(index, block);
            return;
        }
        if (isUnwrapped(block)) {
            unwrap(index, block);
            return;
        }
        var search = Optional.ofNullable(searches.remove(JsonTree.text(block, "tool_use_id")));
        search.ifPresent(waiting -> waiting.result(block));
        endStopped();
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
        var item = message(DeltaKind.TEXT, block, Optional.empty());
        open.put(index, item);
        initial(index, DeltaKind.TEXT, block);
        for (JsonValue citation : JsonTree.array(block, "citations")) {
            if (citation instanceof JsonObject source) {
                item.citation(source);
            }
        }
    }

    /** The last item, if it is a message to which a further block of text belongs; else a new one. */
    private MessageItem message(DeltaKind deltas, JsonObject block, Optional<InputText> input) {
        MessageItem message;
        if (!items.isEmpty() && items.get(items.size() - 1) instanceof MessageItem last && last.isStopped()) {
            message = last;
        } else {
            endStopped();
            message = new MessageItem(output);
            items.add(message);
        }
        message.begin(deltas, block, input);
        return message;
    }

    private void thinking(long index, DeltaKind kind, JsonObject block, Optional<ReasoningSeal> packs) {
        if (summary || packs.isPresent()) {
            var item = new ReasoningItem(output, summary, packs);
            item.begin(kind, block);
            add(index, item);
            initial(index, kind, block);
            initial(index, DeltaKind.SIGNATURE, block);
        }
    }

    private void pack(JsonObject block) {
        seal.ifPresent(packs -> ReasoningItem.sealed(output, packs, "[" + block + "]"));
    }

    private void toolUse(long index, JsonObject block) {
        called = true;
        String name = JsonTree.text(block, "name");
        CalledTool tool = tools.called(name);
        boolean named = tool.kind().isNamed();
        add(
                index,
                named
                        ? new CallItem(output, tool, block, names.reader(name))
                        : new ActionItem(output, tool.kind(), block));
    }

    /** Whether a block begins a use of the tool whose input is the text. */
    private boolean isUnwrapped(JsonObject block) {
        return JsonTree.text(block, "type").equals("tool_use")
                && unwrappedTool.equals(Optional.of(JsonTree.text(block, "name")));
    }

    private void unwrap(long index, JsonObject block) {
        textIsThinking = true;
        if (!unwrapped) {
            unwrapped = true;
            open.put(index, message(DeltaKind.INPUT, block, names.reader(JsonTree.text(block, "name"))));
        }
    }

    private void search(long index, JsonObject block) {
        if (JsonTree.text(block, "name").equals("web_search")) {
            var item = new SearchItem(output, seal, block);
            add(index, item);
            searches.put(JsonTree.text(block, "id"), item);
        }
    }

    /** The model refused: the message of the text before ends with the reason. */
    void refuse(String reason) {
        stopAll();
        message(DeltaKind.TEXT, JsonValue.EMPTY_JSON_OBJECT, Optional.empty()).refuse(reason);
    }

    /** An item begins, which is made of this block. */
    private void add(long index, Item item) {
        items.add(item);
        open.put(index, item);
    }

    /** The content that a block has at its start is a piece too. */
    private void initial(long index, DeltaKind kind, JsonObject block) {
        byte[] literal = JsonText.literal(JsonTree.text(block, kind.member));
        piece(index, kind, literal, 0, literal.length);
    }

    void piece(long index, DeltaKind kind, byte[] bytes, int from, int to) {
        Item block = open.get(index);
        if (block != null && to - from > EMPTY_LITERAL) {
            block.piece(kind, bytes, from, to);
        }
    }

    void citation(long index, JsonObject citation) {
        Item block = open.get(index);
        if (block != null) {
            block.citation(citation);
        }
    }

    /** A block ends, if it is open. */
    void stop(long index) {
        Item block = open.remove(index);
        if (block != null) {
            block.stop();
        }
    }

    /** All blocks end. */
    private void stopAll() {
        open.values().forEach(Item::stop);
        open.clear();
    }

    /** The items end to which nothing more belongs; all of them, if they are too many. */
    void endStopped() {
        if (items.size() >= MOST) {
            endAll(Item.Status.COMPLETED);
        }
        var stopped = items.stream().filter(Item::isStopped).toList();
        items.removeAll(stopped);
        stopped.forEach(item -> item.finish(Item.Status.COMPLETED));
    }

    /** All blocks and items end. */
    void endAll(Item.Status status) {
        stopAll();
        items.forEach(item -> item.finish(status));
        items.clear();
    }

    /**
     * An item {@code function_call}, whose arguments are the input's JSON text as it arrives, or {@code custom_tool_call},
     * whose input is the text in that JSON. One thread at a time.
     */
    private static final class CallItem extends Item {
        private final ToolKind kind;
        private final Optional<CustomText> custom;
        private final String members;

        /** Known when the block has ended: clients run a call that is completed. */
        private Item.Status status = Item.Status.IN_PROGRESS;

        /**
         * @param block begins the tool's use
         * @param names translates the input of a function, if it has other names of properties
         */
        CallItem(Output output, CalledTool tool, JsonObject block, Optional<InputText> names) {
            super(output, tool.kind().prefix);
            this.kind = tool.kind();
            this.custom = kind == ToolKind.CUSTOM ? Optional.of(new CustomText()) : Optional.empty();
            String namespace = tool.namespace()
                    .map(name -> ",\"namespace\":" + JsonText.quote(name))
                    .orElse("");
            this.members = ",\"call_id\":" + JsonText.quote(JsonTree.text(block, "id")) + ",\"name\":"
                    + JsonText.quote(tool.name()) + namespace;
            begin(DeltaKind.INPUT, block, custom.<InputText>map(text -> text).or(() -> names));
            begun();
        }

        @Override
        protected void add(byte[] bytes, int from, int to) {
            super.add(bytes, from, to);
            var name = custom.isPresent() ? EventName.INPUT_DELTA : EventName.ARGUMENTS_DELTA;
            output.delta(name, begun().members, bytes, from, to, Output.END);
        }

        @Override
        protected void stopped() {
            boolean complete = custom.map(CustomText::isComplete)
                    .orElseGet(() -> JsonTree.parseObject(text.text()).isPresent());
            status = complete ? Item.Status.COMPLETED : Item.Status.INCOMPLETE;
            if (complete) {
                var done = custom.isPresent() ? EventName.INPUT_DONE : EventName.ARGUMENTS_DONE;
                output.write(
                        done, begun().members, new Pieces(member()).add(text).add("\""));
            }
        }

        private String member() {
            return ",\"" + kind.input + "\":\"";
        }

        /**
         * A call that was cut off is in the last event only: clients run a call when they see its event, whatever its status
         * is (Codex 0.169.0).
         */
        @Override
        void finish(Item.Status ofMessage) {
            if (status == Item.Status.INCOMPLETE) {
                output.keep(begun(), json(begun(), status));
            } else {
                super.finish(status);
            }
        }

        @Override
        protected Pieces json(Item.Reference known, Item.Status shown) {
            return new Pieces(known.head(kind.call) + members + member())
                    .add(text)
                    .add("\"" + shown.end());
        }
    }
}
