package dev.warder.openai.chat;

import dev.warder.json.JsonTree;
import dev.warder.openai.shared.MessageTranslation;
import dev.warder.stream.StreamTranslation;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import java.util.Optional;

/**
 * Translates the response to one chat completion request: text becomes the content, a tool's use a call, thinking
 * {@code reasoning_content}. Thread-safe; each response is translated once.
 *
 * @param context what the request asked
 * @param id identifies the response when the message has no id, without a prefix
 * @param created when the response arrived
 */
public record ChatResponse(ChatContext context, String id, Instant created) {
    /**
     * The translation of an event stream to chunks.
     *
     * @param limit bytes of one event ({@code limits.event})
     */
    public StreamTranslation stream(int limit) {
        return new ChatStream(this).stream(limit);
    }

    /** The chunks of a whole message, which an upstream may send where a stream was asked for; empty for another body. */
    public Optional<byte[]> chunks(byte[] body) {
        return new ChatStream(this).events(body);
    }

    /** The completion made from a whole message, as JSON in UTF-8; empty when {@code body} is no message. */
    public Optional<byte[]> completion(byte[] body) {
        return MessageTranslation.find(body).map(message -> new ChatCompletion(this).of(message));
    }

    /**
     * The members that a chat completion and each of its chunks share, in a new object.
     *
     * @param object the value of {@code object}
     * @param messageId the upstream's id, so that both sides can refer to it; empty when it has none
     */
    JsonObjectBuilder head(String object, String messageId) {
        String bare = (messageId.isEmpty() ? id : messageId).replaceFirst("^msg_", "");
        return JsonTree.newObject()
                .add("id", "chatcmpl-" + bare)
                .add("object", object)
                .add("created", created.getEpochSecond())
                .add("model", context.requestedModel());
    }
}
