package dev.warder.openai;

import dev.warder.body.Chunks;
import dev.warder.json.JsonTree;
import dev.warder.openai.document.RequestDocument;
import dev.warder.openai.request.ChatRequestReader;
import dev.warder.openai.request.ChatTranslation;
import dev.warder.translation.Translation;

/** Translates one chat completion request to the Messages API, and returns the translation for its response. */
final class ChatTranslator implements Translation {
    /** The API version that the translation uses. */
    static final String VERSION = "2023-06-01";

    private final ChatRequestReader requests;
    private final String path;
    private final ReplyContext exchange;

    /** @param path the path and query of the Messages API */
    ChatTranslator(ChatRequestReader requests, String path, ReplyContext exchange) {
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
            return Refusals.unreadable();
        }
        var translation = requests.translate(document.get());
        if (translation instanceof ChatTranslation.Translated chat) {
            var reply = new ChatReply(chat.context(), chat.ignored(), exchange);
            return new Outcome.Translated(path, VERSION, JsonTree.body(chat.message()), reply);
        }
        return Refusals.of(((ChatTranslation.Refused) translation).refusal());
    }
}
