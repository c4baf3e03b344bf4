package dev.warder.proxy;

import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.json.MemoryBudget;
import dev.warder.sse.EventStreamTransformer;
import dev.warder.translation.AnswerTranslation;
import dev.warder.translation.AnswerTranslation.Whole;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer that is told in the caller's dialect: an event stream event by event, any other once it is whole. Thread-safe.
 */
final class TranslatedAnswer implements CollectedAnswer.Events {
    /** What becomes of it; called without a lock. */
    interface Events {
        /** A stream begins; what takes its pieces. */
        AnswerSink stream(AnswerHead head, EventStreamTransformer transformer);

        /** The whole answer. */
        void tell(AnswerHead head, byte[] body);

        /** The answer cannot be used. */
        void unusable(ErrorReply reply);

        /** So many bytes of the upstream are off its hands. */
        void taken(int bytes);
    }

    private final AnswerTranslation translation;
    private final AnswerHead head;
    private final Aside aside;
    private final Events events;
    private final List<Field> added;

    TranslatedAnswer(AnswerTranslation translation, AnswerHead head, Aside aside, Events events) {
        this.translation = translation;
        this.head = head;
        this.aside = aside;
        this.events = events;
        this.added = translation.fields(head::field);
    }

    /**
     * Begins.
     *
     * @param memory the room for answers that have to be collected
     * @param limit the largest of them in bytes
     * @return what takes the body
     */
    AnswerSink begin(MemoryBudget memory, long limit) {
        if (head.asStream(added).isTooLarge()) {
            events.unusable(ErrorReply.badGateway("The head of the upstream's answer is too large."));
            return new CollectedAnswer(memory, 0, 0, this);
        }
        return switch (head.coding()) {
            case "" -> decoded(memory, limit);
            case "gzip", "x-gzip" -> new InflatedAnswer(decoded(memory, limit), events::unusable);
            default -> {
                events.unusable(ErrorReply.badGateway("The upstream's answer has a coding that is not read here."));
                yield new CollectedAnswer(memory, 0, 0, this);
            }
        };
    }

    private AnswerSink decoded(MemoryBudget memory, long limit) {
        if (head.eventStream() && head.isSuccessful()) {
            var transformer = translation.stream();
            if (transformer.isPresent()) {
                return events.stream(head.asStream(added), transformer.get());
            }
        }
        boolean declared = head.coding().isEmpty() && head.contentLength() >= 0;
        return new CollectedAnswer(memory, limit, declared ? Math.min(limit, head.contentLength()) : limit, this);
    }

    @Override
    public void taken(int bytes) {
        events.taken(bytes);
    }

    @Override
    public void whole(byte[] body) {
        aside.run(() -> tell(translation.whole(head.status(), body)));
    }

    @Override
    public void unusable(ErrorReply reply) {
        events.unusable(reply);
    }

    private void tell(Whole whole) {
        if (whole instanceof Whole.Told told) {
            byte[] body = told.body();
            var fields = new ArrayList<>(added);
            fields.addAll(told.fields());
            events.tell(head.asWhole(told.status(), told.contentType(), body.length, fields), body);
        } else if (whole instanceof Whole.Unusable cannot) {
            events.unusable(cannot.reply());
        }
    }
}
