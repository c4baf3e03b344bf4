package dev.warder.openai;

import dev.warder.http.ErrorReply;
import dev.warder.json.Chunks;
import dev.warder.translation.Translation;

/** Translates one chat completion request to the Messages API, and hands over what translates its answer. */
final class ChatTranslator implements Translation {
    /** The version whose words the translation speaks (client contract, section 9). */
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
    public Outcome translate(Chunks body) {
        var document = Tree.parse(body);
        if (document.isEmpty()) {
            return new Outcome.Refused(ErrorReply.invalidRequest(
                    "The request body has a member twice or too many values, or cannot be read."));
        }
        var translation = request.translate(document.get());
        if (translation instanceof ChatTranslation.Translated chat) {
            var answer = new ChatReply(chat.context(), chat.ignored(), exchange);
            return new Outcome.Translated(path, VERSION, Tree.body(chat.message()), answer);
        }
        return new Outcome.Refused(reply(((ChatTranslation.Refused) translation).refusal()));
    }

    private static ErrorReply reply(ChatRefusal refusal) {
        return refusal.status() == 404
                ? ErrorReply.modelNotFound(refusal.message())
                : ErrorReply.invalidRequest(refusal.message(), refusal.param());
    }
}
