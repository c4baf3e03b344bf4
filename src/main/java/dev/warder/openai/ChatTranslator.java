package dev.warder.openai;

import dev.warder.body.Chunks;
import dev.warder.http.ErrorReply;
import dev.warder.json.JsonTree;
import dev.warder.openai.document.RequestDocument;
import dev.warder.openai.document.RequestRefusal;
import dev.warder.openai.request.ChatRequestReader;
import dev.warder.openai.request.ChatTranslation;
import dev.warder.translation.Translation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Translates one chat completion request to the Messages API, and returns the translation for its response. */
final class ChatTranslator implements Translation {
    private static final Logger LOG = LoggerFactory.getLogger(ChatTranslator.class);

    /** The API version that the translation uses. */
    static final String VERSION = "2023-06-01";

    private final ChatRequestReader requests;
    private final String path;
    private final ChatExchange exchange;

    /** @param path the path and query of the Messages API */
    ChatTranslator(ChatRequestReader requests, String path, ChatExchange exchange) {
        this.requests = requests;
        this.path = path;
        this.exchange = exchange;
    }

    @Override
    public long valueMemory(Chunks body) {
        return RequestDocument.valueMemory(body);
    }

    @Override
    public Outcome translate(Chunks body) {
        var document = RequestDocument.parse(body);
        if (document.isEmpty()) {
            return new Outcome.Refused(ErrorReply.invalidRequest(
                    "The request body has a member twice or too many values, or cannot be read."));
        }
        var translation = requests.translate(document.get());
        if (translation instanceof ChatTranslation.Translated chat) {
            var reply = new ChatReply(chat.context(), chat.ignored(), exchange);
            return new Outcome.Translated(path, VERSION, JsonTree.body(chat.message()), reply);
        }
        return new Outcome.Refused(reply(((ChatTranslation.Refused) translation).refusal()));
    }

    private static ErrorReply reply(RequestRefusal refusal) {
        if (refusal.status() == 404) {
            // The line of the access log of the same request names the model.
            LOG.info("A model matches no entry of openai.models or models.aliases, and openai.defaultModel is not set");
        }
        return refusal.status() == 404
                ? ErrorReply.modelNotFound(refusal.message())
                : ErrorReply.invalidRequest(refusal.message(), refusal.param());
    }
}
