package dev.warder.openai;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.time.Instant;

/**
 * The members that a response and each of its chunks share. Immutable.
 *
 * @param id identifies the response; the upstream's own id where it has one, so that both sides can refer to it
 * @param created in whole seconds since 1970
 * @param model as the client named it
 */
record ChatHead(String id, long created, String model) {
    private static final String UPSTREAM = "msg_";
    private static final String PREFIX = "chatcmpl-";

    /**
     * @param message the upstream's message
     * @param otherwise identifies the response when the message has no id
     */
    static ChatHead of(JsonObject message, String otherwise, Instant created, ChatContext context) {
        String told = JsonTree.text(message, "id");
        String id = told.isEmpty() ? otherwise : told;
        String bare = id.startsWith(UPSTREAM) ? id.substring(UPSTREAM.length()) : id;
        return new ChatHead(PREFIX + bare, created.getEpochSecond(), context.requestedModel());
    }
}
