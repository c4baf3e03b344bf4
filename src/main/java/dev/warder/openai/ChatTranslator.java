package dev.warder.openai;

import dev.warder.body.Chunks;
import dev.warder.http.ErrorReply;
import dev.warder.json.JsonException;
import dev.warder.json.JsonScanner;
import dev.warder.json.JsonTree;
import dev.warder.translation.Translation;
import jakarta.json.JsonObject;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Translates one chat completion request to the Messages API, and returns the translation for its response. */
final class ChatTranslator implements Translation {
    private static final Logger LOG = LoggerFactory.getLogger(ChatTranslator.class);

    /** The API version that the translation uses. */
    static final String VERSION = "2023-06-01";

    private final ChatRequest request;
    private final String path;
    private final ChatExchange exchange;

    /** @param path the path and query of the Messages API */
    ChatTranslator(ChatRequest request, String path, ChatExchange exchange) {
        this.request = request;
        this.path = path;
        this.exchange = exchange;
    }

    @Override
    public long valueMemory(Chunks body) {
        return ValueCount.memory(body);
    }

    @Override
    public Outcome translate(Chunks body) {
        var document = parse(body);
        if (document.isEmpty()) {
            return new Outcome.Refused(ErrorReply.invalidRequest(
                    "The request body has a member twice or too many values, or cannot be read."));
        }
        var translation = request.translate(document.get());
        if (translation instanceof ChatTranslation.Translated chat) {
            var answer = new ChatReply(chat.context(), chat.ignored(), exchange);
            return new Outcome.Translated(path, VERSION, JsonTree.body(chat.message()), answer);
        }
        return new Outcome.Refused(reply(((ChatTranslation.Refused) translation).refusal()));
    }

    /** The object that a body is, unless it has too many values or one member twice. */
    static Optional<JsonObject> parse(Chunks body) {
        try {
            var values = new ValueCount();
            JsonScanner.scan(body, 0, body.length(), values);
            return values.isTooHigh() ? Optional.empty() : JsonTree.parseDistinctObject(body.stream());
        } catch (JsonException malformed) {
            return Optional.empty();
        }
    }

    private static ErrorReply reply(ChatRefusal refusal) {
        if (refusal.status() == 404) {
            // The line of the access log of the same request names the model.
            LOG.info("A model matches no entry of openai.models or models.aliases, and openai.defaultModel is not set");
        }
        return refusal.status() == 404
                ? ErrorReply.modelNotFound(refusal.message())
                : ErrorReply.invalidRequest(refusal.message(), refusal.param());
    }
}
