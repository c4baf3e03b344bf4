package dev.warder.openai;

import dev.warder.json.JsonTree;
import dev.warder.openai.chat.ChatRequestReader;
import dev.warder.openai.chat.ChatTranslation;
import dev.warder.openai.chat.PromptCache;
import dev.warder.stream.Translation.Outcome;
import jakarta.json.JsonObject;

/** Translates one chat completion request to the Messages API, and returns the translation for its response. */
final class ChatTranslator {
    static final String VERSION = "2023-06-01";

    private final ChatRequestReader requests;
    private final String path;
    private final ReplyContext exchange;

    ChatTranslator(ChatRequestReader requests, String path, ReplyContext exchange) {
        this.requests = requests;
        this.path = path;
        this.exchange = exchange;
    }

    Outcome translate(JsonObject document) {
        var translation = requests.translate(document);
        if (translation instanceof ChatTranslation.Translated chat) {
            var reply = new ChatReply(chat.context(), chat.ignored(), exchange);
            return new Outcome.Translated(
                    path, VERSION, JsonTree.body(chat.message()), reply, JsonTree.findText(document, PromptCache.KEY));
        }
        return Refusals.of(((ChatTranslation.Refused) translation).refusal());
    }
}
