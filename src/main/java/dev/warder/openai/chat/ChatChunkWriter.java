package dev.warder.openai.chat;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.openai.chat.ChatResponse.ChatHead;
import dev.warder.stream.Usage;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a response as the chunks of a chat completion, each a frame of an event stream: {@code data: {…}} and an empty
 * line. Every frame is whole, so that a comment may follow any of them. A complete stream ends with {@code [DONE]}, one
 * that fails ends with the error.
 *
 * <p>One thread at a time.
 */
final class ChatChunkWriter implements ResponseWriter {
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

    private final ChatHead head;
    private final boolean includeUsage;
    private final boolean legacyFunctions;
    private final OutputBuffer out = new OutputBuffer();
    private final List<CallForm> calls = new ArrayList<>();
    private byte[] choices = {};
    private byte[] beforeDelta = {};

    private byte[] afterDelta = {};

    ChatChunkWriter(ChatContext context, ChatHead head) {
        this.head = head;
        includeUsage = context.includeUsage();
        legacyFunctions = context.legacyFunctions();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void begin(String messageId) {
        var members = head.json("chat.completion.chunk", messageId).build().toString();
        String open = "data: " + members.substring(0, members.length() - 1) + ",\"choices\":[";
        choices = JsonText.utf8(open);
        beforeDelta = JsonText.utf8(open + "{\"index\":0,\"delta\":");
        afterDelta = ascii(",\"logprobs\":null,\"finish_reason\":null}]" + withoutUsage());
        delta(ROLE);
    }

    /** The end of a chunk; its usage is null if the client asked for usage, because a last chunk reports it. */
    private String withoutUsage() {
        return includeUsage ? ",\"usage\":null}\n\n" : "}\n\n";
    }

    @Override
    public void text(byte[] bytes, int from, int to) {
        piece(CONTENT, bytes, from, to, END_OF_TEXT);
    }

    @Override
    public void thinking(byte[] bytes, int from, int to) {
        piece(REASONING, bytes, from, to, END_OF_TEXT);
    }

    @Override
    public void callBegin(int call, String id, String name, boolean custom) {
        var form = CallForm.of(custom);
        calls.add(form);
        var function = form.tool(name, "");
        if (!legacyFunctions) {
            var json = JsonTree.newObject()
                    .add("index", call)
                    .add("id", id)
                    .add("type", form.type)
                    .add(form.type, function);
            delta(JsonTree.newObject()
                    .add("tool_calls", JsonTree.newArray().add(json))
                    .build());
        } else if (call == 0) {
            // The old form has room for one call; the request asks the model for at most one.
            delta(JsonTree.newObject().add("function_call", function).build());
        }
    }

    @Override
    public void callArguments(int call, byte[] bytes, int from, int to) {
        if (!legacyFunctions) {
            out.add(beforeDelta);
            out.add(CALL);
            out.addNumber(call);
            out.add(calls.get(call).piece);
            out.add(bytes, from, to);
            out.add(END_OF_CALL);
            out.add(afterDelta);
        } else if (call == 0) {
            piece(FUNCTION, bytes, from, to, END_OF_FUNCTION);
        }
    }

    @Override
    public void end(Ending ending, Usage usage) {
        if (ending.refused()) {
            byte[] literal = JsonText.literal(ending.refusal());
            piece(REFUSAL, literal, 0, literal.length, END_OF_TEXT);
        }
        String reason = ChatFinishReason.of(ending, calls.size(), legacyFunctions);
        out.add(beforeDelta);
        out.add(ascii("{},\"logprobs\":null,\"finish_reason\":\"" + reason + "\"}]" + withoutUsage()));
        if (includeUsage) {
            out.add(choices);
            out.add(ascii("],\"usage\":" + TokenUsage.json(usage, "prompt", "completion") + "}\n\n"));
        }
        out.add(DONE);
    }

    /** The event has a name, because LangChain4j would otherwise treat what came before as the whole response. */
    @Override
    public void failed(OpenAiError error) {
        out.add(ERROR);
        out.add(error.body());
        out.add(END);
    }

    @Override
    public byte[] take() {
        return out.take();
    }

    private void piece(byte[] before, byte[] bytes, int from, int to, byte[] after) {
        out.add(beforeDelta);
        out.add(before);
        out.add(bytes, from, to);
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

    /** The forms of a call in a chat completion. */
    enum CallForm {
        FUNCTION("function", "arguments"),
        CUSTOM(CustomTool.TYPE, "input");

        final String type;

        final byte[] piece;

        private final String input;

        CallForm(String type, String input) {
            this.type = type;
            this.input = input;
            this.piece = (",\"" + type + "\":{\"" + input + "\":").getBytes(StandardCharsets.US_ASCII);
        }

        static CallForm of(boolean custom) {
            return custom ? CUSTOM : FUNCTION;
        }

        JsonObjectBuilder tool(String name, String text) {
            return JsonTree.newObject().add("name", name).add(input, text);
        }
    }

    /** The {@code finish_reason} of a chat completion. */
    static final class ChatFinishReason {
        private ChatFinishReason() {}

        /**
         * OpenAI's word. It has none for a message that the API would go on with, or that ended for a reason that is not
         * known:
         * {@code length} is the only one by which clients see that the message is incomplete.
         *
         * @param calls how many calls the response has
         * @param legacyFunctions whether a call is written as {@code function_call}
         */
        static String of(Ending ending, int calls, boolean legacyFunctions) {
            if (ending.calls() && calls > 0) {
                return legacyFunctions ? "function_call" : "tool_calls";
            }
            if (ending.refused()) {
                return "content_filter";
            }
            return ending.incomplete().isPresent() ? "length" : "stop";
        }
    }
}
