package dev.warder.openai;

import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.openai.chat.OpenAiError;
import dev.warder.openai.chat.OpenAiRateLimits;
import dev.warder.stream.ResponseTranslation.Whole;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;

/** The common part of responses in OpenAI's dialect. */
final class Reply {
    static final String JSON = "application/json";

    private static final String EVENT_STREAM = "text/event-stream; charset=utf-8";
    private static final Field NO_RETRY = new Field("x-should-retry", "false");
    private static final String IGNORED = "X-Warder-Ignored";

    private Reply() {}

    /**
     * The rate limits in OpenAI's names, and the names of the request's members that were not translated.
     *
     * @param upstream the first value of the upstream's field
     * @param now when the response arrived
     */
    static List<Field> fields(Function<String, Optional<String>> upstream, Instant now, SortedSet<String> ignored) {
        var fields = new ArrayList<>(new OpenAiRateLimits(upstream, now).fields());
        if (!ignored.isEmpty()) {
            fields.add(new Field(IGNORED, String.join(", ", ignored)));
        }
        return fields;
    }

    /**
     * A response that was read whole.
     *
     * @param streams whether the client asked for an event stream
     * @param translated the translation of a message; empty for any other document
     */
    static Whole whole(int status, byte[] body, boolean streams, Function<byte[], Optional<byte[]>> translated) {
        if (status < 200 || status >= 300) {
            return error(status, body);
        }
        return translated
                .apply(body)
                .<Whole>map(bytes -> new Whole.Translated(200, streams ? EVENT_STREAM : JSON, bytes))
                .orElseGet(() -> noMessage(body));
    }

    static Whole error(int status, byte[] body) {
        var error = OpenAiError.of(status, body);
        List<Field> fields = error.isSpent() ? List.of(NO_RETRY) : List.of();
        return new Whole.Translated(error.status(), JSON, fields, error.body());
    }

    private static Whole noMessage(byte[] body) {
        return OpenAiError.isOne(body)
                ? error(200, body)
                : new Whole.Unusable(ErrorReply.badGateway("The upstream's response is not a message."));
    }
}
