package dev.warder.openai;

import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.openai.shared.MessageTranslation;
import dev.warder.openai.shared.OpenAiError;
import dev.warder.openai.shared.OpenAiRateLimits;
import dev.warder.stream.Translation.ResponseTranslation;
import dev.warder.stream.Translation.StreamTranslation;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Translates the response to one request: a stream of events, a document, or an error. One thread at a time.
 *
 * @param ignored the names of the request's members that were not translated
 * @param expected the upstream's response, as the error names it
 * @param whole translates a body that was read whole; empty when it is another response
 * @param events translates an event stream, where the client asked for one
 * @param repeated bytes of the request that the response repeats
 */
record Reply(
        Context context,
        SortedSet<String> ignored,
        String expected,
        Function<byte[], Optional<byte[]>> whole,
        Optional<Supplier<StreamTranslation>> events,
        int repeated)
        implements ResponseTranslation {
    private static final String MESSAGE = "a message";

    private static final String JSON = "application/json";
    private static final String EVENT_STREAM = "text/event-stream; charset=utf-8";
    private static final Field NO_RETRY = new Field("x-should-retry", "false");
    private static final String IGNORED = "X-Warder-Ignored";

    /**
     * The reply to a request for a message.
     *
     * @param translation makes the translation, which is used once
     */
    static Reply message(
            Context context,
            SortedSet<String> ignored,
            boolean streams,
            Supplier<MessageTranslation> translation,
            int repeated) {
        return new Reply(
                context,
                ignored,
                MESSAGE,
                body -> translation.get().whole(body, streams),
                streams ? Optional.of(() -> translation.get().stream(context.largestEvent())) : Optional.empty(),
                repeated);
    }

    /** A reply that is never a stream. */
    static Reply document(
            Context context, SortedSet<String> ignored, String expected, Function<byte[], Optional<byte[]>> whole) {
        return new Reply(context, ignored, expected, whole, Optional.empty(), 0);
    }

    /** The rate limits in OpenAI's names, and the names of the request's members that were not translated. */
    @Override
    public List<Field> fields(Function<String, Optional<String>> upstream) {
        var fields = new ArrayList<>(new OpenAiRateLimits(upstream, context.now()).fields());
        if (!ignored.isEmpty()) {
            fields.add(new Field(IGNORED, String.join(", ", ignored)));
        }
        return fields;
    }

    @Override
    public Optional<StreamTranslation> stream() {
        return events.map(Supplier::get);
    }

    @Override
    public long handledBytes(int length) {
        return (long) length + repeated;
    }

    @Override
    public Whole whole(int status, byte[] body) {
        if (status < 200 || status >= 300) {
            return error(status, body);
        }
        return whole.apply(body)
                .<Whole>map(bytes -> new Whole.Translated(200, events.isPresent() ? EVENT_STREAM : JSON, bytes))
                .orElseGet(() -> unexpected(body));
    }

    private Whole unexpected(byte[] body) {
        return expected.equals(MESSAGE) && OpenAiError.isOne(body)
                ? error(200, body)
                : new Whole.Unusable(ErrorReply.badGateway("The upstream's response is not " + expected + "."));
    }

    private static Whole error(int status, byte[] body) {
        var error = OpenAiError.of(status, body);
        List<Field> fields = error.isSpent() ? List.of(NO_RETRY) : List.of();
        return new Whole.Translated(error.status(), JSON, fields, error.body());
    }

    /**
     * The context of the translation of one response, in addition to the request. Thread-safe.
     *
     * @param requestId of the request, see {@link dev.warder.http.RequestId}
     * @param clock gives the time at which the response arrived
     * @param largestEvent bytes of one event of the upstream ({@code limits.event})
     */
    record Context(String requestId, InstantSource clock, int largestEvent) {
        /** The id of the response where the upstream's has none: the random part of the request's id. */
        String responseId() {
            return requestId.substring(requestId.lastIndexOf('_') + 1);
        }

        Instant now() {
            return clock.instant();
        }
    }
}
