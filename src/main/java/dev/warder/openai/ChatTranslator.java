package dev.warder.openai;

import dev.warder.http.Field;
import dev.warder.json.JsonTree;
import dev.warder.openai.OpenAiFilter.ReplyContext;
import dev.warder.openai.chat.ChatContext;
import dev.warder.openai.chat.ChatRequestReader;
import dev.warder.openai.chat.ChatResponse;
import dev.warder.openai.chat.ChatTranslation;
import dev.warder.openai.chat.PromptCache;
import dev.warder.stream.ResponseTranslation;
import dev.warder.stream.StreamTranslation;
import dev.warder.stream.Translation.Outcome;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;

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

    /** Translates the response to one chat completion: a stream of events, a message, or an error. One thread at a time. */
    static final class ChatReply implements ResponseTranslation {
        private final ChatContext context;
        private final SortedSet<String> ignored;
        private final ReplyContext exchange;

        ChatReply(ChatContext context, SortedSet<String> ignored, ReplyContext exchange) {
            this.context = context;
            this.ignored = ignored;
            this.exchange = exchange;
        }

        @Override
        public List<Field> fields(Function<String, Optional<String>> upstream) {
            return Reply.fields(upstream, exchange.now(), ignored);
        }

        @Override
        public Optional<StreamTranslation> stream() {
            return context.stream() ? Optional.of(response().stream(exchange.largestEvent())) : Optional.empty();
        }

        @Override
        public Whole whole(int status, byte[] body) {
            boolean streams = context.stream();
            return Reply.whole(status, body, streams, streams ? response()::chunks : response()::completion);
        }

        private ChatResponse response() {
            return new ChatResponse(context, exchange.responseId(), exchange.now());
        }
    }
}
