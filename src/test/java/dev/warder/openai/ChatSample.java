package dev.warder.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.ModelMap;
import dev.warder.edit.ModelCatalog;
import dev.warder.http.ErrorReply;
import dev.warder.json.JsonTree;
import dev.warder.openai.ChatRequestReader.ChatContext;
import dev.warder.openai.shared.RequestOutcome;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Chat completion requests in short, and what becomes of them. */
public final class ChatSample {
    public static final String OPUS = "claude-opus-5-5";
    public static final String OLD = "claude-sonnet-4-5";

    private ChatSample() {}

    /** JSON with {@code '} for {@code "}. */
    public static JsonObject json(String text) {
        return JsonTree.parseDistinctObject(text.replace('\'', '"')).orElseThrow();
    }

    public static JsonArray array(String text) {
        return json("{'a': " + text + "}").getJsonArray("a");
    }

    public static ChatRequestReader requests() {
        return requests("");
    }

    /** With these rows of models over those that are shipped. */
    public static ChatRequestReader requests(String rows) {
        var catalog = ModelCatalog.shipped().withRows(json("{'data': [" + rows + "]}"));
        return new ChatRequestReader(catalog, ModelMap.of(Optional.empty()), 4096, true);
    }

    /** What becomes of a request to that model with one user message and these members. */
    public static RequestOutcome.Translated<ChatContext> with(String model, String members) {
        return with("", model, members);
    }

    /** The same with these rows of models over those that are shipped. */
    static RequestOutcome.Translated<ChatContext> with(String rows, String model, String members) {
        return translated(
                requests(rows),
                json("{'model': '" + model + "', 'messages': [{'role': 'user', 'content': 'hi'}]"
                        + (members.isEmpty() ? "" : ", " + members) + "}"));
    }

    public static ErrorReply refusalWith(String model, String members) {
        return refusal("{'model': '" + model + "', 'messages': [{'role': 'user', 'content': 'hi'}], " + members + "}");
    }

    /** What becomes of these messages. */
    public static JsonObject messages(String messages) {
        return translated(ofMessages(messages)).message();
    }

    public static ErrorReply messagesRefused(String messages) {
        return refusal(ofMessages(messages));
    }

    public static RequestOutcome.Translated<ChatContext> translated(String request) {
        return translated(requests(), json(request));
    }

    public static RequestOutcome.Translated<ChatContext> translated(ChatRequestReader requests, JsonObject request) {
        var result = requests.translate(request);
        assertThat(result).isInstanceOf(RequestOutcome.Translated.class);
        return (RequestOutcome.Translated<ChatContext>) result;
    }

    public static ErrorReply refusal(String request) {
        var result = requests().translate(json(request));
        assertThat(result).as(request).isInstanceOf(RequestOutcome.Refused.class);
        return ((RequestOutcome.Refused<ChatContext>) result).refusal();
    }

    /** One of 2^17 names with the same hash: anyone can make such names. */
    public static String sameHash(int number) {
        return IntStream.range(0, 17)
                .mapToObj(bit -> (number >> bit & 1) == 0 ? "Aa" : "BB")
                .collect(Collectors.joining());
    }

    public static void assertJson(@Nullable JsonValue actual, String expected) {
        assertThat(actual).isEqualTo(json("{'a': " + expected + "}").get("a"));
    }

    private static String ofMessages(String messages) {
        return "{'model': 'claude-sonnet-4-5', 'messages': " + messages
                + ", 'tools': [{'type': 'function', 'function': {'name': 'f'}}]}";
    }
}
