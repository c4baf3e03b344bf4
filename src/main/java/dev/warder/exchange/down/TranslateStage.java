package dev.warder.exchange.down;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.body.Chunks;
import dev.warder.body.MemoryBudget;
import dev.warder.container.Held;
import dev.warder.container.OffloadExecutor;
import dev.warder.exchange.down.ResponseSink.Flow;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.record.RequestEnd;
import dev.warder.stream.Translation.ResponseTranslation;
import dev.warder.stream.Translation.ResponseTranslation.Whole;
import dev.warder.stream.Translation.StreamTranslation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes a response on in the caller's dialect: an event stream event by event, any other once it is whole. What is kept until
 * the end of the response is charged to the memory for collected bodies.
 *
 * <p>Thread-safe: the upstream's thread brings pieces, while the timer's may add an event and any thread may end the stream.
 * The lock is held while events go to the next stage, so that they stay in their order.
 */
public final class TranslateStage implements ResponseSink {
    private static final Failure STREAM_FAILED = unusable("The upstream's event stream cannot be used.");
    private static final Failure TOO_LARGE = unusable("The upstream's response is larger than the limit.");

    private final ResponseTranslation translation;
    private final KeptMemory memory;
    private final long limit;
    private final OffloadExecutor offload;
    private final ResponseSink next;
    /** Null before the head of an event stream, and for any other response. */
    @GuardedBy("this")
    private @Nullable StreamTranslation stream;

    /** Receives a response that is no event stream, once it is whole; null before its head. */
    private @Nullable Consumer<byte[]> document;

    private final Chunks body = new Chunks();
    private final Held<byte[]> whole = new Held<>();
    private volatile boolean closed;

    /**
     * @param memory holds what is kept of all responses
     * @param limit the most bytes to keep of one
     * @param offload runs the translation of a whole response
     */
    public TranslateStage(
            ResponseTranslation translation,
            MemoryBudget memory,
            long limit,
            OffloadExecutor offload,
            ResponseSink next) {
        this.translation = translation;
        this.memory = new KeptMemory(memory);
        this.limit = limit;
        this.offload = offload;
        this.next = next;
    }

    @Override
    public void head(ResponseHead head, Flow flow) {
        var added = translation.fields(head::field);
        var streamed = head.asStream(added);
        if (streamed.isTooLarge()) {
            failed(unusable("The head of the upstream's response is too large."));
            return;
        }
        var asked = translation.stream().filter(events -> head.eventStream() && head.isSuccessful());
        if (asked.isPresent()) {
            memory.begin(limit, flow);
            begin(asked.get(), streamed, flow);
        } else {
            memory.begin(head.contentLength() >= 0 ? Math.min(limit, head.contentLength()) : limit, flow);
            document = content -> translate(head, flow, added, content);
        }
    }

    private synchronized void begin(StreamTranslation events, ResponseHead head, Flow flow) {
        stream = events;
        memory.keep(events.kept(), 0);
        next.head(head, flow);
    }

    @Override
    public void piece(byte[] bytes, int read) {
        if (document == null) {
            translate(bytes, read);
        } else if (!closed) {
            collect(bytes, read);
        }
    }

    private void translate(byte[] bytes, int read) {
        boolean failed;
        boolean last;
        long kept;
        synchronized (this) {
            var events = stream;
            if (events == null) {
                return;
            }
            byte[] translated = events.feed(bytes);
            failed = events.failed();
            last = translated.length > 0 && events.terminated();
            kept = events.kept();
            boolean covered = memory.covers(kept);
            pass(events, translated, covered ? read : 0);
            if (!covered) {
                memory.keep(kept, read);
            }
        }
        if (failed) {
            next.failed(STREAM_FAILED);
        } else if (kept > limit) {
            next.failed(TOO_LARGE);
        } else if (last) {
            // The message is whole; its connection may go on.
            next.end();
        }
    }

    /** Reports the last event in one step with it: another thread may ask meanwhile what may be added. */
    private void pass(StreamTranslation events, byte[] translated, int read) {
        if (translated.length > 0 && events.terminated()) {
            next.lastPiece(translated, read);
        } else {
            next.piece(translated, read);
        }
    }

    private void collect(byte[] bytes, int read) {
        if (bytes.length > limit - body.length()) {
            closed = true;
            memory.close();
            failed(TOO_LARGE);
        } else {
            body.append(bytes, 0, bytes.length);
        }
        memory.keep(body.length(), read);
    }

    @Override
    public void end() {
        var whenWhole = document;
        if (whenWhole == null) {
            endStream();
        } else if (!closed) {
            byte[] content = body.copy(0, body.length());
            memory.keepOnly(content.length);
            whenWhole.accept(content);
        }
    }

    private void endStream() {
        boolean failed;
        synchronized (this) {
            var events = stream;
            if (events == null) {
                return;
            }
            pass(events, events.end(), 0);
            failed = events.failed();
        }
        if (failed) {
            next.failed(STREAM_FAILED);
        } else {
            next.end();
        }
    }

    @Override
    public void failed(Failure failure) {
        next.failed(failure);
    }

    @Override
    public void close() {
        closed = true;
        memory.close();
        whole.release();
        next.close();
    }

    /** The bytes that it keeps and that are not charged to the memory for collected bodies. May be called by any thread. */
    public long uncharged() {
        return memory.uncharged();
    }

    /** Adds an event to a silent stream, where the dialect has one for that. May be called by any thread. */
    public synchronized void whileSilent() {
        if (stream != null) {
            next.piece(stream.whileSilent(), 0);
        }
    }

    /**
     * The event that ends a translated stream which cannot go on; empty where an {@code error} event is enough, and for any
     * other response. May be called by any thread.
     */
    public synchronized Optional<byte[]> failure(ErrorReply reply) {
        return stream == null ? Optional.empty() : stream.failure(reply);
    }

    private void translate(ResponseHead head, Flow flow, List<Field> added, byte[] content) {
        whole.hold(content);
        offload.run(translation.handledBytes(content.length), () -> whole.find().ifPresent(found -> {
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
