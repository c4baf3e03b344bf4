package dev.warder.openai;

import dev.warder.http.Field;
import dev.warder.openai.chat.ChatContext;
import dev.warder.openai.chat.ChatResponse;
import dev.warder.stream.ResponseTranslation;
import dev.warder.stream.StreamTranslation;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;

/** Translates the response to one chat completion: a stream of events, a message, or an error. One thread at a time. */
final class ChatReply implements ResponseTranslation {
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
