package dev.warder.openai;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.openai.ChatRequestReader.ChatContext;
import dev.warder.openai.shared.CustomTool;
import dev.warder.openai.shared.MessageTranslation;
import dev.warder.openai.shared.MessageTranslation.Ending;
import dev.warder.stream.Usage;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Translates a whole message to one chat completion. Blocks of other kinds are skipped, as in {@link ChatStream}. One thread at a time. */
final class ChatCompletion {
    private final ChatContext context;
    private final StringBuilder content = new StringBuilder();
    private final StringBuilder thinking = new StringBuilder();
    private final List<JsonObject> calls = new ArrayList<>();
    private boolean unwrapped;

    ChatCompletion(ChatContext context) {
        this.context = context;
    }

    /**
     * The completion, as JSON in UTF-8.
     *
     * @param head its first members
     */
    byte[] of(JsonObject message, JsonObjectBuilder head) {
        var blocks = JsonTree.objects(message, "content").toList();
        var ending = Ending.UNKNOWN;
        boolean unwraps = blocks.stream().anyMatch(context::unwraps);
        for (JsonObject block : blocks) {
            ending = ending.withBlock(block);
            add(block, unwraps);
        }
        ending = ending.with(message);
        var usage = Usage.NONE.with(JsonTree.object(message, "usage"));
        var choice = JsonTree.newObject()
                .add("index", 0)
                .add("message", message(ending))
                .add("logprobs", JsonValue.NULL)
                .add("finish_reason", context.finishReason(ending, calls.size()));
        var completion = head.add("choices", JsonTree.newArray().add(choice))
                .add("usage", MessageTranslation.tokens(usage, "prompt", "completion"));
        return JsonText.utf8(completion.build().toString());
    }

    /** @param unwraps whether the content is the input of a tool, which a text before or after it would make unreadable */
    private void add(JsonObject block, boolean unwraps) {
        switch (JsonTree.text(block, "type")) {
            case "text" -> (unwraps ? thinking : content).append(JsonTree.text(block, "text"));
            case "thinking" -> thinking.append(JsonTree.text(block, "thinking"));
            case "tool_use" -> toolUse(block);
            default -> {
                // A client could read nothing in it.
            }
        }
    }

    private void toolUse(JsonObject block) {
        String name = JsonTree.text(block, "name");
        String input = JsonTree.object(block, "input").toString();
        String text = context.reader(name).map(reader -> reader.whole(input)).orElse(input);
        if (!context.unwraps(block)) {
            var form = CallForm.of(context.customTools().contains(name));
            calls.add(form.call(JsonTree.text(block, "id"), name, text).build());
        } else if (!unwrapped) {
            unwrapped = true;
            content.append(text);
        }
    }

    private JsonObjectBuilder message(Ending ending) {
        boolean callsOnly = content.length() == 0 && !calls.isEmpty();
        var message = JsonTree.newObject()
                .add("role", "assistant")
                .add("content", callsOnly ? JsonValue.NULL : JsonTree.string(content.toString()))
                .add("refusal", ending.refused() ? JsonTree.string(ending.refusal()) : JsonValue.NULL);
        if (context.reasoning() && thinking.length() > 0) {
            message.add("reasoning_content", thinking.toString());
        }
        if (calls.isEmpty()) {
            return message;
        }
        if (context.legacyFunctions()) {
            // The old form has room for one call; the request asks the model for at most one.
            return message.add("function_call", calls.get(0).get(CallForm.FUNCTION.type));
        }
        return message.add("tool_calls", JsonTree.newArray(calls));
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

        JsonObjectBuilder call(String id, String name, String text) {
            return JsonTree.newObject().add("id", id).add("type", type).add(type, tool(name, text));
        }
    }
}
