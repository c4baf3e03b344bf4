package dev.warder.exchange.down;

import dev.warder.auth.Meters;
import dev.warder.body.GzipDecoder;
import dev.warder.body.GzipDecoder.GzipException;
import dev.warder.body.MemoryBudget;
import dev.warder.container.OffloadExecutor;
import dev.warder.exchange.down.ResponseSink.Flow;
import dev.warder.http.ErrorReply;
import dev.warder.json.JsonOutline;
import dev.warder.record.RequestEnd;
import dev.warder.stream.EventStreamGuard;
import dev.warder.stream.ResponseEdit;
import dev.warder.stream.ResponseEdit.ContentEdit;
import dev.warder.stream.Translation.ResponseTranslation;
import dev.warder.usage.TryUsage;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stages of a response of the API, in the order in which it passes them. The {@code Provider} of another upstream puts one
 * before them, which makes the API's response. No other class decides the order:
 *
 * <ol>
 *   <li><b>tap</b>: each try has its own, since a response that is not passed on has a usage too;
 *   <li><b>decode</b> of a content coding, for a translation only: a client that speaks the API's dialect gets the coding that it asked for;
 *   <li><b>edit</b>: what filters change, while it has the API's dialect;
 *   <li><b>translate</b>;
 *   <li><b>guard</b>: gives an event stream its comments and its one error, at the queue of {@link ResponseRelay}.
 * </ol>
 *
 * <p>Between tap and decode are the tries, which choose the response that is passed on. Immutable.
 */
public final class ResponsePipeline {
    private final Optional<TranslateStage> translate;
    private final ResponseSink first;

    /**
     * The stages of the response that is passed on.
     *
     * @param dialect the translation; empty for a client that speaks the API's dialect
     * @param edit the change that filters have asked for
     * @param sent the body that went upstream; empty where it was not collected
     * @param memory holds responses that are collected
     * @param limit the largest of them in bytes
     * @param offload runs what takes a while
     * @param relay is the end
     */
    public ResponsePipeline(
            Optional<ResponseTranslation> dialect,
            Optional<ResponseEdit> edit,
            Optional<JsonOutline> sent,
            MemoryBudget memory,
            long limit,
            OffloadExecutor offload,
            ResponseSink relay) {
        translate = dialect.map(to -> new TranslateStage(to, memory, limit, offload, relay));
        var translated = translate.isPresent() ? translate.get() : relay;
        var edited = edit.isPresent() ? new EditStage(edit.get(), sent, translated) : translated;
        first = translate.isPresent() ? new DecodeStage(edited) : edited;
    }

    /**
     * The stage of one try.
     *
     * @param usage receives what is read; empty where no model is run
     * @param meters receive the counts, and may cut the response
     */
    public static ResponseSink tap(Optional<TryUsage> usage, Meters meters, ResponseSink next) {
        return usage.isPresent() ? new UsageStage(usage.get(), meters, next) : next;
    }

    public ResponseSink first() {
        return first;
    }

    public Optional<TranslateStage> translate() {
        return translate;
    }

    /** The guard of an event stream. A translation passes on whole events, and reports the last one. */
    public EventStreamGuard guard() {
        return translate.isPresent() ? EventStreamGuard.inWholeEvents() : EventStreamGuard.inBytes();
    }

    /**
     * Passes a response on as a filter edits it: an event stream or a JSON document with status 200 and without a content
     * coding. Any other response passes unchanged, and so does one that the edit does not concern.
     */
    private static final class EditStage implements ResponseSink {
        private static final int OK = 200;

        private final ResponseEdit edit;
        private Optional<JsonOutline> request;
        private final ResponseSink next;
        private @Nullable ContentEdit content;

        EditStage(ResponseEdit edit, Optional<JsonOutline> request, ResponseSink next) {
            this.edit = edit;
            this.request = request;
            this.next = next;
        }

        @Override
        public void head(ResponseHead head, Flow flow) {
            content = contentEdit(head).orElse(null);
            // A stream may go on for an hour.
            request = Optional.empty();
            next.head(content == null ? head : head.edited(), flow);
        }

        @Override
        public void piece(byte[] bytes, int read) {
            var editing = content;
            next.piece(editing == null ? bytes : editing.feed(bytes), read);
        }

        @Override
        public void end() {
            var editing = content;
            if (editing != null) {
                next.piece(editing.end(), 0);
            }
            next.end();
        }

        @Override
        public void failed(Failure failure) {
            next.failed(failure);
        }

        @Override
        public void close() {
            next.close();
        }

        private Optional<ContentEdit> contentEdit(ResponseHead head) {
            if (head.status() != OK || !head.coding().isEmpty()) {
                return Optional.empty();
            }
            if (head.eventStream()) {
                return edit.ofStream(request);
            }
            return head.isJson() ? edit.ofDocument(request) : Optional.empty();
        }
    }

    /**
     * Passes a response on without its content coding: gzip is decoded, and any other coding fails the response. What a
     * {@link #close} on another thread cannot release is left to the garbage collector.
     */
    static final class DecodeStage implements ResponseSink {
        private static final byte[] NOTHING = {};

        private final ResponseSink next;
        private @Nullable GzipDecoder gzip;
        private boolean over;

        DecodeStage(ResponseSink next) {
            this.next = next;
        }

        @Override
        public void head(ResponseHead head, Flow flow) {
            switch (head.coding()) {
                case "" -> next.head(head, flow);
                case "gzip", "x-gzip" -> {
                    gzip = new GzipDecoder();
                    next.head(head.decoded(), flow);
                }
                default -> refuse("The upstream's response has a content coding that cannot be decoded.");
            }
        }

        @Override
        public void piece(byte[] bytes, int read) {
            var decoder = gzip;
            if (over) {
                return;
            }
            if (decoder == null) {
                next.piece(bytes, read);
                return;
            }
            try {
                decoder.feed(bytes, 0, bytes.length, this::decoded);
            } catch (GzipException refused) {
                refuseContent();
                return;
            }
            next.piece(NOTHING, read);
        }

        @Override
        public void end() {
            var decoder = gzip;
            if (over) {
                return;
            }
            if (decoder == null || decoder.isWhole()) {
                release();
                next.end();
            } else {
                refuseContent();
            }
        }

        @Override
        public void failed(Failure failure) {
            release();
            next.failed(failure);
        }

        @Override
        public void close() {
            next.close();
        }

        private void decoded(byte[] buffer, int offset, int count) {
            next.piece(Arrays.copyOfRange(buffer, offset, offset + count), 0);
        }

        private void refuseContent() {
            refuse("The upstream's response is not valid gzip content.");
        }

        private void refuse(String message) {
            release();
            next.failed(new Failure(ErrorReply.badGateway(message), RequestEnd.ERROR));
        }

        private void release() {
            over = true;
            var decoder = gzip;
            if (decoder != null) {
                decoder.close();
            }
        }
    }
}
