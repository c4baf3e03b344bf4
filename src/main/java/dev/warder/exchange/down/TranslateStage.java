package dev.warder.exchange.down;

import dev.warder.body.MemoryBudget;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.record.RequestEnd;
import dev.warder.state.Held;
import dev.warder.state.OffloadExecutor;
import dev.warder.stream.ResponseTranslation;
import dev.warder.stream.ResponseTranslation.Whole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Passes a response on in the caller's dialect: an event stream event by event, any other once it is whole. */
public final class TranslateStage implements ResponseSink {
    private final ResponseTranslation translation;
    private final MemoryBudget memory;
    private final long limit;
    private final OffloadExecutor offload;
    private final ResponseSink next;
    private volatile @Nullable ResponseSink content;
    private volatile @Nullable TranslatedEvents events;
    private final Held<byte[]> whole = new Held<>();

    /**
     * @param memory holds responses that are collected
     * @param limit the largest of them in bytes
     * @param offload runs the translation of a whole response
     */
    public TranslateStage(
            ResponseTranslation translation,
            MemoryBudget memory,
            long limit,
            OffloadExecutor offload,
            ResponseSink next) {
        this.translation = translation;
        this.memory = memory;
        this.limit = limit;
        this.offload = offload;
        this.next = next;
    }

    @Override
    public void head(ResponseHead head, Flow flow) {
        var added = translation.fields(head::field);
        if (head.asStream(added).isTooLarge()) {
            failed(unusable("The head of the upstream's response is too large."));
            return;
        }
        var translated = translation.stream()
                .filter(asked -> head.eventStream() && head.isSuccessful())
                .map(stream -> new TranslatedEvents(stream, memory, limit, next));
        if (translated.isPresent()) {
            begin(translated.get(), head.asStream(added), flow);
            events = translated.get();
        } else {
            begin(new CollectStage(memory, limit, body -> whole(head, flow, added, body), next), head, flow);
        }
    }

    private void begin(ResponseSink chosen, ResponseHead head, Flow flow) {
        content = chosen;
        chosen.head(head, flow);
    }

    @Override
    public void piece(byte[] bytes, int read) {
        var chosen = content;
        if (chosen != null) {
            chosen.piece(bytes, read);
        }
    }

    @Override
    public void end() {
        var chosen = content;
        if (chosen != null) {
            chosen.end();
        }
    }

    @Override
    public void failed(Failure failure) {
        next.failed(failure);
    }

    @Override
    public void close() {
        var chosen = content;
        if (chosen != null) {
            chosen.close();
        }
        whole.release();
        next.close();
    }

    /** Adds an event to a silent stream, where the dialect has one for that. May be called by any thread. */
    public void whileSilent() {
        var stream = events;
        if (stream != null) {
            stream.whileSilent();
        }
    }

    /**
     * The event that ends a translated stream which cannot go on; empty where an {@code error} event is enough, and for any
     * other response. May be called by any thread.
     */
    public Optional<byte[]> failure(ErrorReply reply) {
        return Optional.ofNullable(events).flatMap(stream -> stream.failure(reply));
    }

    private void whole(ResponseHead head, Flow flow, List<Field> added, byte[] body) {
        whole.hold(body);
        offload.run(translation.handledBytes(body.length), () -> whole.find().ifPresent(found -> {
            var outcome = translation.whole(head.status(), found);
            whole.release();
            pass(head, flow, added, outcome);
        }));
    }

    private void pass(ResponseHead head, Flow flow, List<Field> added, Whole outcome) {
        if (outcome instanceof Whole.Translated translated) {
            var fields = new ArrayList<>(added);
            fields.addAll(translated.fields());
            next.head(
                    head.asWhole(translated.status(), translated.contentType(), translated.body().length, fields),
                    flow);
            next.piece(translated.body(), 0);
            next.end();
        } else if (outcome instanceof Whole.Unusable cannot) {
            next.failed(new Failure(cannot.reply(), RequestEnd.ERROR));
        }
    }

    private static Failure unusable(String message) {
        return new Failure(ErrorReply.badGateway(message), RequestEnd.ERROR);
    }
}
