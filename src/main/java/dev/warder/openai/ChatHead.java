package dev.warder.openai;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.time.Instant;

/**
 * What an answer and each of its chunks say of themselves. Immutable.
 *
 * @param id names the answer; the upstream's own where it has one, so that both sides can speak of it
 * @param created in whole seconds since 1970
 * @param model as the client named it
 */
record ChatHead(String id, long created, String model) {
    private static final String UPSTREAM = "msg_";
    private static final String PREFIX = "chatcmpl-";

    /**
     * @param message the upstream's message
     * @param otherwise names the answer when the message has no id
     */
    static ChatHead of(JsonObject message, String otherwise, Instant created, ChatContext context) {
        String told = JsonTree.text(message, "id");
        String id = told.isEmpty() ? otherwise : told;
        String bare = id.startsWith(UPSTREAM) ? id.substring(UPSTREAM.length()) : id;
        return new ChatHead(PREFIX + bare, created.getEpochSecond(), context.requestedModel());
    }
}
