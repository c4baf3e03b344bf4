package dev.warder.openai;

import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.openai.request.ChatContext;
import dev.warder.openai.response.ChatResponse;
import dev.warder.openai.response.OpenAiError;
import dev.warder.translation.ResponseTranslation;
import dev.warder.translation.StreamTranslation;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;

/** Translates the response to one chat completion: a stream of events, a message, or an error. One thread at a time. */
final class ChatReply implements ResponseTranslation {
    static final String JSON = "application/json";
    static final String EVENT_STREAM = "text/event-stream; charset=utf-8";
    private static final Field NO_RETRY = new Field("x-should-retry", "false");

    private final ChatContext context;
    private final SortedSet<String> ignored;
    private final ChatExchange exchange;

    /** @param ignored the names of the request's members that were not translated */
    ChatReply(ChatContext context, SortedSet<String> ignored, ChatExchange exchange) {
        this.context = context;
        this.ignored = ignored;
        this.exchange = exchange;
    }

    @Override
    public List<Field> fields(Function<String, Optional<String>> upstream) {
        return ReplyFields.of(upstream, exchange.now(), ignored);
    }

    @Override
    public Optional<StreamTranslation> stream() {
        return context.stream() ? Optional.of(response().stream(exchange.largestEvent())) : Optional.empty();
    }

    @Override
    public Whole whole(int status, byte[] body) {
        if (status < 200 || status >= 300) {
            return error(status, body);
        }
        var translated = context.stream() ? response().chunks(body) : response().completion(body);
        String contentType = context.stream() ? EVENT_STREAM : JSON;
        return translated
                .<Whole>map(bytes -> new Whole.Translated(200, contentType, bytes))
                .orElseGet(() -> noMessage(body));
    }

    /** The upstream's error in OpenAI's form. */
    static Whole error(int status, byte[] body) {
        var error = OpenAiError.of(status, body);
        List<Field> fields = error.isSpent() ? List.of(NO_RETRY) : List.of();
        return new Whole.Translated(error.status(), JSON, fields, error.body());
    }

    /** An error under a status of success gets the status of its type. */
    private static Whole noMessage(byte[] body) {
        if (OpenAiError.isOne(body)) {
            return error(200, body);
        }
        return new Whole.Unusable(ErrorReply.badGateway("The upstream's response is not a message."));
    }

    private ChatResponse response() {
        return new ChatResponse(context, exchange.responseId(), exchange.now());
    }
}
