package dev.warder.openai.chat;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;

/**
 * The members that a chat completion and each of its chunks share. Immutable.
 *
 * @param id identifies the response when the message has no id, without a prefix
 * @param created when the response arrived
 * @param model as the client named it
 */
record ChatHead(String id, Instant created, String model) {
    private static final String UPSTREAM = "msg_";
    private static final String PREFIX = "chatcmpl-";

    /**
     * The members, in a new object.
     *
     * @param object the value of {@code object}
     * @param messageId the upstream's id, so that both sides can refer to it; empty when it has none
     */
    JsonObjectBuilder json(String object, String messageId) {
        String known = messageId.isEmpty() ? id : messageId;
        String bare = known.startsWith(UPSTREAM) ? known.substring(UPSTREAM.length()) : known;
        return JsonTree.newObject()
                .add("id", PREFIX + bare)
                .add("object", object)
                .add("created", created.getEpochSecond())
                .add("model", model);
    }
}
