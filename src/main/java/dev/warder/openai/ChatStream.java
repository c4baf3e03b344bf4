package dev.warder.openai;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.openai.ChatCompletion.CallForm;
import dev.warder.openai.ChatRequestReader.ChatContext;
import dev.warder.openai.shared.CustomText;
import dev.warder.openai.shared.InputText;
import dev.warder.openai.shared.MessageTranslation;
import dev.warder.openai.shared.MessageTranslation.Ending;
import dev.warder.openai.shared.OpenAiError;
import dev.warder.openai.shared.OutputBuffer;
import dev.warder.stream.MessageReader.DeltaKind;
import dev.warder.stream.Usage;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Translates a message to the chunks of a chat completion, each a frame of an event stream: {@code data: {…}} and an empty
 * line. Every frame is whole, so that a comment may follow any of them. A complete stream ends with {@code [DONE]}, one that
 * fails ends with the error.
 *
 * <p>Each piece of a content block is passed on when it arrives, as the slice of bytes that the upstream sent, even where blocks
 * are interleaved. The content that a block has at its start is passed on too. An input that arrives at the start is passed on
 * when no delta brings one. Blocks of other kinds, such as redacted thinking, are skipped: a client could read nothing in them.
 *
 * <p>One thread at a time.
 */
public final class ChatStream extends MessageTranslation {
    private static final byte[] ERROR = ascii("event: error\ndata: ");
    private static final byte[] END = ascii("\n\n");
    private static final byte[] DONE = ascii("data: [DONE]\n\n");
    private static final byte[] ROLE = ascii("{\"role\":\"assistant\",\"content\":\"\"}");
    private static final byte[] CONTENT = ascii("{\"content\":");
    private static final byte[] REASONING = ascii("{\"reasoning_content\":");
    private static final byte[] REFUSAL = ascii("{\"refusal\":");
    private static final byte[] END_OF_TEXT = ascii("}");
    private static final byte[] FUNCTION = ascii("{\"function_call\":{\"arguments\":");
    private static final byte[] END_OF_FUNCTION = ascii("}}");
    private static final byte[] CALL = ascii("{\"tool_calls\":[{\"index\":");
    private static final byte[] END_OF_CALL = ascii("}}]}");

    private static final int EMPTY_LITERAL = 2;
    private static final String NO_INPUT = "{}";

    /** More than the API sends interleaved; an upstream that begins more and ends none would fill the memory. */
    private static final int MOST_OPEN = 64;

    private final ChatContext context;
    private final String id;
    private final Instant created;
    private final OutputBuffer out = new OutputBuffer();
    private final Map<Long, Block> open = new LinkedHashMap<>();
    private byte[] choices = {};
    private byte[] beforeDelta = {};
    private byte[] afterDelta = {};
    private int calls;
    private boolean unwrapped;

    /**
     * Translates the response that arrived at {@code created}.
     *
     * @param id identifies the response when the message has no id, without a prefix
     */
    public ChatStream(ChatContext context, String id, Instant created) {
        this.context = context;
        this.id = id;
        this.created = created;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The bytes of inputs whose translation is not known yet, and of the names of properties. */
    @Override
    public long kept() {
        long kept = context.names().memory();
        for (Block block : open.values()) {
            kept += block.text == null ? 0 : block.text.kept();
        }
        return kept;
    }

    @Override
    protected byte[] document(JsonObject message) {
        return new ChatCompletion(context).of(message, head("chat.completion", JsonTree.text(message, "id")));
    }

    /** The members that a chat completion and each of its chunks share. */
    private JsonObjectBuilder head(String object, String messageId) {
        String bare = (messageId.isEmpty() ? id : messageId).replaceFirst("^msg_", "");
        return JsonTree.newObject()
                .add("id", "chatcmpl-" + bare)
                .add("object", object)
                .add("created", created.getEpochSecond())
                .add("model", context.requestedModel());
    }

    @Override
    protected void begin(String messageId) {
        var members = head("chat.completion.chunk", messageId).build().toString();
        String begin = "data: " + members.substring(0, members.length() - 1) + ",\"choices\":[";
        choices = JsonText.utf8(begin);
        beforeDelta = JsonText.utf8(begin + "{\"index\":0,\"delta\":");
        afterDelta = ascii(",\"logprobs\":null,\"finish_reason\":null}]" + withoutUsage());
        delta(ROLE);
    }

    /** The end of a chunk; its usage is null if the client asked for usage, because a last chunk reports it. */
    private String withoutUsage() {
        return context.includeUsage() ? ",\"usage\":null}\n\n" : "}\n\n";
    }

    @Override
    protected void begin(long index, JsonObject content) {
        blockStop(index);
        endSome();
        Block block =
                switch (JsonTree.text(content, "type")) {
                    case "text" -> text();
                    case "thinking" -> thinking(DeltaKind.THINKING);
                    case "tool_use" -> toolUse(content);
                    default -> null;
                };
        if (block == null) {
            return;
        }
        open.put(index, block);
        if (block.kind != DeltaKind.INPUT) {
            byte[] literal = JsonText.literal(JsonTree.text(content, block.kind.member));
            piece(index, block.kind, literal, 0, literal.length);
        }
    }

    /** A text after the input of the unwrapped tool would make that input unreadable. */
    private @Nullable Block text() {
        return unwrapped ? thinking(DeltaKind.TEXT) : new Block(DeltaKind.TEXT, Target.TEXT, 0, "", null);
    }

    private @Nullable Block thinking(DeltaKind kind) {
        return context.reasoning() ? new Block(kind, Target.THINKING, 0, "", null) : null;
    }

    private @Nullable Block toolUse(JsonObject content) {
        String input = JsonTree.object(content, "input").toString();
        String name = JsonTree.text(content, "name");
        var text = context.reader(name).orElse(null);
        if (context.unwraps(content)) {
            boolean first = !unwrapped;
            unwrapped = true;
            return first ? new Block(DeltaKind.INPUT, Target.TEXT, 0, input, text) : null;
        }
        int call = calls++;
        var form = CallForm.of(context.customTools().contains(name));
        if (!context.legacyFunctions()) {
            var begun = form.call(JsonTree.text(content, "id"), name, "");
            var json = JsonTree.newObject().add("index", call).addAll(begun);
            delta(JsonTree.newObject()
                    .add("tool_calls", JsonTree.newArray().add(json))
                    .build());
        } else if (call == 0) {
            // The old form has room for one call; the request asks the model for at most one.
            delta(JsonTree.newObject().add("function_call", form.tool(name, "")).build());
        }
        return new Block(DeltaKind.INPUT, Target.CALL, call, input, text);
    }

    @Override
    protected void piece(long index, DeltaKind kind, byte[] b, int from, int to) {
        Block block = open.get(index);
        if (block != null && block.kind == kind && to - from > EMPTY_LITERAL) {
            block.hasPiece = true;
            write(block, b, from, to);
        }
    }

    private void write(Block block, byte[] b, int from, int to) {
        if (block.text == null) {
            writeLiteral(block, b, from, to);
        } else {
            writeText(block, block.text.feed(JsonText.text(b, from, to)));
        }
    }

    private void writeLiteral(Block block, byte[] b, int from, int to) {
        switch (block.target) {
            case TEXT -> write(CONTENT, b, from, to, END_OF_TEXT);
            case THINKING -> write(REASONING, b, from, to, END_OF_TEXT);
            case CALL -> writeInput(block, b, from, to);
        }
    }

    private void writeText(Block block, String text) {
        if (!text.isEmpty()) {
            byte[] literal = JsonText.literal(text);
            writeLiteral(block, literal, 0, literal.length);
        }
    }

    private void writeInput(Block block, byte[] b, int from, int to) {
        if (!context.legacyFunctions()) {
            out.add(beforeDelta);
            out.add(CALL);
            out.addNumber(block.call);
            out.add(CallForm.of(block.text instanceof CustomText).piece);
            out.add(b, from, to);
            out.add(END_OF_CALL);
            out.add(afterDelta);
        } else if (block.call == 0) {
            write(FUNCTION, b, from, to, END_OF_FUNCTION);
        }
    }

    private void write(byte[] before, byte[] b, int from, int to, byte[] after) {
        out.add(beforeDelta);
        out.add(before);
        out.add(b, from, to);
        out.add(after);
        out.add(afterDelta);
    }

    private void delta(JsonObject delta) {
        delta(JsonText.utf8(delta.toString()));
    }

    private void delta(byte[] json) {
        out.add(beforeDelta);
        out.add(json);
        out.add(afterDelta);
    }

    @Override
    public void blockStop(long index) {
        Block block = open.remove(index);
        if (block != null) {
            end(block);
        }
    }

    /**
     * An input that arrived whole does not wait for a delta while other blocks are read, so that only one is held at a
     * time.
     */
    private void endSome() {
        Iterator<Block> blocks = open.values().iterator();
        while (blocks.hasNext()) {
            Block block = blocks.next();
            if (open.size() >= MOST_OPEN || block.input.length() > NO_INPUT.length()) {
                end(block);
                blocks.remove();
            }
        }
    }

    private void end(Block block) {
        if (block.kind == DeltaKind.INPUT && !block.hasPiece) {
            byte[] literal = JsonText.literal(block.input);
            write(block, literal, 0, literal.length);
        }
        if (block.text != null) {
            writeText(block, block.text.end());
        }
    }

    @Override
    protected void end(Ending ending, Usage usage) {
        open.values().forEach(this::end);
        open.clear();
        if (ending.refused()) {
            byte[] literal = JsonText.literal(ending.refusal());
            write(REFUSAL, literal, 0, literal.length, END_OF_TEXT);
        }
        String reason = context.finishReason(ending, calls);
        out.add(beforeDelta);
        out.add(ascii("{},\"logprobs\":null,\"finish_reason\":\"" + reason + "\"}]" + withoutUsage()));
        if (context.includeUsage()) {
            out.add(choices);
            out.add(ascii("],\"usage\":" + tokens(usage, "prompt", "completion") + "}\n\n"));
        }
        out.add(DONE);
    }

    /** The event has a name, because LangChain4j would otherwise treat what came before as the whole response. */
    @Override
    protected void report(OpenAiError error, String advice) {
        open.clear();
        out.add(ERROR);
        out.add(error.body());
        out.add(END);
    }

    @Override
    protected byte[] take() {
        return out.take();
    }

    /** The receiver of a block's pieces. */
    private enum Target {
        TEXT,
        THINKING,
        CALL
    }

    /** A block that has begun and not ended. */
    private static final class Block {
        private final DeltaKind kind;
        private final Target target;
        private final int call;
        private final String input;
        private final @Nullable InputText text;
        private boolean hasPiece;

        private Block(DeltaKind kind, Target target, int call, String input, @Nullable InputText text) {
            this.kind = kind;
            this.target = target;
            this.call = call;
            this.input = input;
            this.text = text;
        }
    }
}
