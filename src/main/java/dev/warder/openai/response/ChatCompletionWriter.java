package dev.warder.openai;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.messages.Usage;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes a chat completion of a message. Thread-safe.
 *
 * <p>Text becomes the content, a tool's use a call, thinking {@code reasoning_content}; blocks of other kinds, such as
 * redacted thinking, have nothing that a chat client could read.
 */
public final class ChatAnswer {
    private static final String TEXT = "text";
    private static final String THINKING = "thinking";

    private final ChatContext context;
    private final String id;
    private final Instant created;

    /**
     * @param id identifies the response when the message has no id, without a prefix
     * @param created when the response arrived
     */
    public ChatAnswer(ChatContext context, String id, Instant created) {
        this.context = context;
        this.id = id;
        this.created = created;
    }

    /** The completion as JSON in UTF-8; empty when {@code body} holds no message. */
    public Optional<byte[]> of(byte[] body) {
        return JsonTree.parseObject(body, 0, body.length)
                .filter(ChatAnswer::isMessage)
                .map(message -> JsonText.utf8(completion(message).toString()));
    }

    static boolean isMessage(JsonObject document) {
        return JsonTree.text(document, "type").equals("message") && document.get("content") instanceof JsonArray;
    }

    private JsonObject completion(JsonObject message) {
        var head = ChatHead.of(message, id, created, context);
        return JsonTree.newObject()
                .add("id", head.id())
                .add("object", "chat.completion")
                .add("created", head.created())
                .add("model", head.model())
                .add("choices", JsonTree.newArray().add(choice(message)))
                .add("usage", ChatUsage.json(Usage.NONE.with(JsonTree.object(message, "usage"))))
                .build();
    }

    private JsonObjectBuilder choice(JsonObject message) {
        List<JsonObject> blocks = JsonTree.array(message, "content").stream()
                .filter(JsonObject.class::isInstance)
                .map(JsonValue::asJsonObject)
                .toList();
        List<JsonObject> calls = blocks.stream().filter(this::isCall).toList();
        var ending = ChatEnding.UNKNOWN.with(message);
        return JsonTree.newObject()
                .add("index", 0)
                .add("message", message(blocks, calls, ending))
                .add("logprobs", JsonValue.NULL)
                .add("finish_reason", ending.finishReason(context, calls.size()));
    }

    private JsonObjectBuilder message(List<JsonObject> blocks, List<JsonObject> calls, ChatEnding ending) {
        Optional<String> answer =
                blocks.stream().filter(this::isAnswer).map(ChatAnswer::input).findFirst();
        String content = answer.orElseGet(() -> joined(blocks, Set.of(TEXT)));
        boolean callsOnly = content.isEmpty() && !calls.isEmpty();
        var message = JsonTree.newObject()
                .add("role", "assistant")
                .add("content", callsOnly ? JsonValue.NULL : JsonTree.string(content))
                .add("refusal", ending.refused() ? JsonTree.string(ending.refusal()) : JsonValue.NULL);
        // Next to an input that is the content, a text would make the content unreadable.
        String thoughts = joined(blocks, answer.isPresent() ? Set.of(THINKING, TEXT) : Set.of(THINKING));
        if (context.reasoning() && !thoughts.isEmpty()) {
            message.add("reasoning_content", thoughts);
        }
        addCalls(message, calls);
        return message;
    }

    private boolean isCall(JsonObject block) {
        return isUse(block) && !context.unwraps(JsonTree.text(block, "name"));
    }

    private boolean isAnswer(JsonObject block) {
        return isUse(block) && context.unwraps(JsonTree.text(block, "name"));
    }

    private static boolean isUse(JsonObject block) {
        return JsonTree.text(block, "type").equals("tool_use");
    }

    /** What the blocks of these kinds hold, each under the name of its kind. */
    private static String joined(List<JsonObject> blocks, Set<String> kinds) {
        return blocks.stream()
                .filter(block -> kinds.contains(JsonTree.text(block, "type")))
                .map(block -> JsonTree.text(block, JsonTree.text(block, "type")))
                .collect(Collectors.joining());
    }

    private static String input(JsonObject block) {
        return JsonTree.object(block, "input").toString();
    }

    private void addCalls(JsonObjectBuilder message, List<JsonObject> calls) {
        if (calls.isEmpty()) {
            return;
        }
        if (context.legacyFunctions()) {
            // The old form has room for one call; the request asks the model for at most one.
            message.add("function_call", function(calls.get(0)));
            return;
        }
        JsonArrayBuilder told = JsonTree.newArray();
        for (JsonObject call : calls) {
            told.add(JsonTree.newObject()
                    .add("id", JsonTree.text(call, "id"))
                    .add("type", "function")
                    .add("function", function(call)));
        }
        message.add("tool_calls", told);
    }

    private static JsonObjectBuilder function(JsonObject call) {
        return JsonTree.newObject().add("name", JsonTree.text(call, "name")).add("arguments", input(call));
    }
}
