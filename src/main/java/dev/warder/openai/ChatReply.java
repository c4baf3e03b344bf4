package dev.warder.openai;

import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.sse.EventStreamTransformer;
import dev.warder.translation.AnswerTranslation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;

/** Translates the response to one chat completion: a stream of events, a message, or an error. One thread at a time. */
final class ChatReply implements AnswerTranslation {
    static final String JSON = "application/json";
    private static final String EVENT_STREAM = "text/event-stream; charset=utf-8";
    private static final Field NO_RETRY = new Field("x-should-retry", "false");
    private static final String IGNORED = "X-Warder-Ignored";

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
        var fields = new ArrayList<>(new RateLimits(upstream, exchange.now()).fields());
        if (!ignored.isEmpty()) {
            fields.add(new Field(IGNORED, String.join(", ", ignored)));
        }
        return fields;
    }

    @Override
    public Optional<EventStreamTransformer> stream() {
        return context.stream() ? Optional.of(newStream()) : Optional.empty();
    }

    @Override
    public Whole whole(int status, byte[] body) {
        if (status < 200 || status >= 300) {
            return error(status, body);
        }
        return context.stream() ? streamed(body) : message(body);
    }

    /** Of any upstream, whatever was asked. */
    static Whole error(int status, byte[] body) {
        var error = ChatError.of(status, body);
        List<Field> fields = error.isSpent() ? List.of(NO_RETRY) : List.of();
        return new Whole.Told(error.status(), JSON, fields, error.body());
    }

    private Whole message(byte[] body) {
        return new ChatAnswer(context, exchange.answerId(), exchange.now())
                .of(body)
                .<Whole>map(completion -> new Whole.Told(200, JSON, completion))
                .orElseGet(() -> noMessage(body));
    }

    private Whole streamed(byte[] body) {
        var stream = newStream();
        byte[] chunks = stream.whole(body);
        return stream.failed() ? noMessage(body) : new Whole.Told(200, EVENT_STREAM, chunks);
    }

    /** An error under a status of success gets the status of its type. */
    private static Whole noMessage(byte[] body) {
        if (ChatError.isOne(body)) {
            return error(200, body);
        }
        return new Whole.Unusable(ErrorReply.badGateway("The upstream's response is not a message."));
    }

    private ChatStream newStream() {
        return new ChatStream(context, exchange.answerId(), exchange.now(), exchange.largestEvent());
    }
}
