package dev.warder.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.warder.body.Bodies;
import dev.warder.json.JsonException;
import dev.warder.json.JsonTree;
import dev.warder.json.OutlineScanner;
import dev.warder.openai.ChatRequestReader.ChatContext;
import dev.warder.openai.shared.RequestOutcome.Refused;
import dev.warder.openai.shared.RequestOutcome.Translated;
import jakarta.json.JsonObject;

/** A chat completion request is refused with a reason, or becomes a message that the gateway's own scanner accepts. */
public final class ChatRequestFuzz {
    private static final ChatRequestReader REQUESTS = ChatSample.requests();

    private ChatRequestFuzz() {}

    /** Reads the bytes as a request body. */
    public static void fuzzerTestOneInput(byte[] data) {
        var body = Bodies.of(data);
        try {
            OutlineScanner.outline(body);
        } catch (JsonException refused) {
            return;
        }
        JsonTree.parseDistinctObject(body).ifPresent(ChatRequestFuzz::translate);
    }

    private static void translate(JsonObject request) {
        var result = REQUESTS.translate(request);
        if (result instanceof Refused<ChatContext> refused) {
            check(refused.refusal().status() == 400 || refused.refusal().status() == 404, "status");
            check(!refused.refusal().message().isBlank(), "no reason");
            return;
        }
        var message = ((Translated<ChatContext>) result).message();
        check(!message.getString("model").isEmpty() && message.containsKey("messages"), "incomplete");
        try {
            OutlineScanner.outline(JsonTree.body(message));
        } catch (JsonException broken) {
            throw new AssertionError(new String(message.toString().getBytes(UTF_8), UTF_8), broken);
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
