package dev.warder.openai.chat;

import dev.warder.json.JsonTree;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * Translates the response to one chat completion request: text becomes the content, a tool's use a call, thinking
 * {@code reasoning_content}. Thread-safe; each response is translated once.
 */
public final class ChatResponse {
    private final ChatContext context;
    private final ChatHead head;

    /**
     * Translates by what the request asked.
     *
     * @param id identifies the response when the message has no id, without a prefix
     * @param created when the response arrived
     */
    public ChatResponse(ChatContext context, String id, Instant created) {
        this.context = context;
        this.head = new ChatHead(id, created, context.requestedModel());
    }

    /**
     * The translation of an event stream to chunks.
     *
     * @param limit bytes of one event ({@code limits.event})
     */
    public ResponseStream stream(int limit) {
        var writer = new ChatChunkWriter(context, head);
        return new ResponseStream(reader(writer), writer, limit);
    }

    /** The chunks of a whole message, which an upstream may send where a stream was asked for; empty for another body. */
    public Optional<byte[]> chunks(byte[] body) {
        return message(body).map(message -> {
            var writer = new ChatChunkWriter(context, head);
            reader(writer).message(message);
            return writer.take();
        });
    }

    /** The completion made from a whole message, as JSON in UTF-8; empty when {@code body} is no message. */
    public Optional<byte[]> completion(byte[] body) {
        return message(body).map(message -> {
            var writer = new ChatCompletionWriter(context, head);
            var reader = reader(writer);
            reader.expect(JsonTree.array(message, "content"));
            reader.message(message);
            return writer.take();
        });
    }

    private ResponseReader reader(ResponseWriter writer) {
        return new ResponseReader(writer, context);
    }

    /** The message that a whole body is; empty for another body. */
    public static Optional<JsonObject> message(byte[] body) {
        return JsonTree.parseObject(body, 0, body.length)
                .filter(document -> JsonTree.text(document, "type").equals("message")
                        && document.get("content") instanceof JsonArray);
    }
}
