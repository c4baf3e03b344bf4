package dev.warder.openai.chat;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.openai.chat.ChatChunkWriter.CallForm;
import dev.warder.openai.chat.ChatChunkWriter.ChatFinishReason;
import dev.warder.openai.chat.ChatResponse.ChatHead;
import dev.warder.stream.Usage;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a response as one chat completion, when the response ends. An error takes the place of the completion.
 *
 * <p>One thread at a time.
 */
final class ChatCompletionWriter implements ResponseWriter {
    private static final byte[] NOTHING = {};

    /** A call and its arguments so far. */
    private record Call(String id, String name, CallForm form, StringBuilder arguments) {
        JsonObjectBuilder function() {
            return form.tool(name, arguments.toString());
        }

        JsonObjectBuilder json() {
            return JsonTree.newObject().add("id", id).add("type", form.type).add(form.type, function());
        }
    }

    private final ChatHead head;
    private final boolean legacyFunctions;
    private final StringBuilder content = new StringBuilder();
    private final StringBuilder thinking = new StringBuilder();
    private final List<Call> calls = new ArrayList<>();
    private String messageId = "";
    private byte[] written = NOTHING;

    ChatCompletionWriter(ChatContext context, ChatHead head) {
        this.head = head;
        legacyFunctions = context.legacyFunctions();
    }

    @Override
    public void begin(String id) {
        messageId = id;
    }

    @Override
    public void text(byte[] bytes, int from, int to) {
        content.append(JsonText.text(bytes, from, to));
    }

    @Override
    public void thinking(byte[] bytes, int from, int to) {
        thinking.append(JsonText.text(bytes, from, to));
    }

    @Override
    public void callBegin(int call, String id, String name, boolean custom) {
        calls.add(new Call(id, name, CallForm.of(custom), new StringBuilder()));
    }

    @Override
    public void callArguments(int call, byte[] bytes, int from, int to) {
        calls.get(call).arguments().append(JsonText.text(bytes, from, to));
    }

    @Override
    public void end(Ending ending, Usage usage) {
        var choice = JsonTree.newObject()
                .add("index", 0)
                .add("message", message(ending))
                .add("logprobs", JsonValue.NULL)
                .add("finish_reason", ChatFinishReason.of(ending, calls.size(), legacyFunctions));
        var completion = head.json("chat.completion", messageId)
                .add("choices", JsonTree.newArray().add(choice))
                .add("usage", TokenUsage.json(usage, "prompt", "completion"));
        written = JsonText.utf8(completion.build().toString());
    }

    @Override
    public void failed(OpenAiError error) {
        written = error.body();
    }

    @Override
    public byte[] take() {
        byte[] taken = written;
        written = NOTHING;
        return taken;
    }

    private JsonObjectBuilder message(Ending ending) {
        boolean callsOnly = content.length() == 0 && !calls.isEmpty();
        var message = JsonTree.newObject()
                .add("role", "assistant")
                .add("content", callsOnly ? JsonValue.NULL : JsonTree.string(content.toString()))
                .add("refusal", ending.refused() ? JsonTree.string(ending.refusal()) : JsonValue.NULL);
        if (thinking.length() > 0) {
            message.add("reasoning_content", thinking.toString());
        }
        if (calls.isEmpty()) {
            return message;
        }
        if (legacyFunctions) {
            // The old form has room for one call; the request asks the model for at most one.
            return message.add("function_call", calls.get(0).function());
        }
        var array = JsonTree.newArray();
        calls.forEach(call -> array.add(call.json()));
        return message.add("tool_calls", array);
    }
}
