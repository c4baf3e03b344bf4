package dev.warder.exchange;

import dev.warder.exchange.ExchangePhase.Event;
import dev.warder.exchange.down.Failure;
import dev.warder.exchange.down.ResponseHead;
import dev.warder.exchange.down.ResponsePipeline;
import dev.warder.exchange.down.ResponseSink;
import dev.warder.exchange.down.ResponseSink.Flow;
import dev.warder.exchange.down.TranslateStage;
import dev.warder.exchange.up.Decisions;
import dev.warder.http.ErrorReply;
import dev.warder.http.Route;
import dev.warder.record.RequestEnd;
import dev.warder.stream.EventStreamGuard;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The upstream's response on its way through the stages to the relay. What comes after the exchange has failed is dropped.
 *
 * <p>One thread at a time but for {@link #close}, {@link #whileSilent} and {@link #failure}.
 */
final class ResponseStages implements ResponseSink {
    private static final byte[] NOTHING = {};

    private final Exchange exchange;
    private final Decisions decisions;

    /** Null before the response, and once nobody receives it: what a translation keeps is released with it. */
    private volatile @Nullable ResponsePipeline pipeline;

    /** The window of the response; null before its head. */
    private volatile @Nullable Flow window;

    /** @param exchange gets its request later */
    ResponseStages(Exchange exchange, Decisions decisions) {
        this.exchange = exchange;
        this.decisions = decisions;
    }

    @Override
    public void head(ResponseHead head, Flow upstream) {
        exchange.deadlines.upstreamMoved(exchange.now());
        exchange.record.firstByte();
        exchange.request.passedOn();
        var stages = stages();
        pipeline = stages;
        window = upstream;
        if (!exchange.state.on(Event.RESPONSE)) {
            return;
        }
        if (head.isRedirect()) {
            unusable("The upstream responded with a redirect, which is not followed.", RequestEnd.ERROR);
        } else if (head.isInvalid()) {
            unusable("The upstream's response has an invalid status code.", RequestEnd.UPSTREAM_LOST);
        } else if (head.isTooLarge()) {
            unusable("The head of the upstream's response is too large.", RequestEnd.ERROR);
        } else {
            stages.first().head(head, upstream);
        }
    }

    @Override
    public void piece(byte[] bytes, int read) {
        exchange.deadlines.upstreamMoved(exchange.now());
        exchange.record.latency().arrived();
        var stages = pipeline;
        if (exchange.state.phase().isOpen() && stages != null) {
            stages.first().piece(bytes, read);
        } else if (exchange.state.phase() == ExchangePhase.LEFT) {
            leave();
        }
    }

    @Override
    public void end() {
        var stages = pipeline;
        if (exchange.state.on(Event.UPSTREAM_ENDED) && exchange.state.phase().isOpen() && stages != null) {
            stages.first().end();
        }
    }

    /** Ignored after the end, and after the last event of a stream: the whole response is there. */
    @Override
    public void failed(Failure failure) {
        if (failure.end() == RequestEnd.UPSTREAM_LOST && exchange.down.isWholeStream()) {
            endWithMessage();
            exchange.state.on(Event.UPSTREAM_ENDED);
        } else if (!exchange.state.phase().hasReceived()) {
            exchange.fail(failure);
        }
    }

    boolean endWithMessage() {
        if (!exchange.down.isWholeStream() || !exchange.state.on(Event.COMPLETED)) {
            return false;
        }
        exchange.down.end();
        return true;
    }

    @Override
    public void close() {
        var stages = pipeline;
        if (stages != null) {
            stages.first().close();
        }
    }

    /** Drops what was kept, and what has come. */
    void leave() {
        close();
        pipeline = null;
        Optional.ofNullable(window).ifPresent(Flow::dropped);
    }

    /** Bytes that are kept for the translation, and charged to no memory. */
    long uncharged() {
        return translation().map(TranslateStage::uncharged).orElse(0L);
    }

    void whileSilent() {
        translation().ifPresent(TranslateStage::whileSilent);
    }

    /** The event that ends a stream which cannot go on; empty where an {@code error} event is enough. */
    Optional<byte[]> failure(ErrorReply reply) {
        return translation().flatMap(stage -> stage.failure(reply));
    }

    private ResponsePipeline stages() {
        var upload = exchange.request.upload;
        long limit = exchange.context.config().limits().body();
        return new ResponsePipeline(
                upload.translation(),
                decisions.responseEdit(),
                upload.sent(),
                exchange.context.bodies().memory(),
                limit,
                exchange.request.offload,
                new Relayed());
    }

    private boolean translates() {
        var stages = pipeline;
        return stages != null && stages.translate().isPresent();
    }

    private Optional<TranslateStage> translation() {
        return Optional.ofNullable(pipeline).flatMap(ResponsePipeline::translate);
    }

    private void unusable(String message, RequestEnd end) {
        exchange.fail(new Failure(ErrorReply.badGateway(message), end));
    }

    /** Hands the response over to the relay, which guards an event stream. */
    private final class Relayed implements ResponseSink {
        private @Nullable ResponseHead waiting;
        private @Nullable Flow flow;
        private boolean opened;

        /** Unless it begins an event stream, it waits for content: until then, an error can take its place. */
        @Override
        public void head(ResponseHead head, Flow upstream) {
            flow = upstream;
            if (head.isOpenStream()) {
                begin(head, NOTHING, 0);
            } else {
                waiting = head;
            }
        }

        /** The head and the first content in one step: nothing can end the response between them. */
        private void begin(ResponseHead head, byte[] first, int read) {
            waiting = null;
            if (!exchange.state.phase().isOpen()) {
                return;
            }
            exchange.silence.sent();
            exchange.silence.eventSent();
            var shown = head.with(exchange.request.responseFields());
            var events = head.isOpenStream()
                    ? Optional.of(Objects.requireNonNull(pipeline).guard())
                    : Optional.<EventStreamGuard>empty();
            opened = exchange.down.upstreamHead(
                    response -> write(shown, response), Objects.requireNonNull(flow), events, first, read);
            if (opened) {
                exchange.record.status(head.status());
                exchange.context.exchanges().queued(first.length);
            }
        }

        private void write(ResponseHead head, HttpServletResponse response) {
            boolean measured = !exchange.context.exchanges().earlyWithoutLength || !exchange.request.isReading();
            head.writeTo(response, exchange.record.call().id(), measured);
            if (measured && head.contentLength() > 0) {
                exchange.context.exchanges().breakOffs.prepare(response);
            }
        }

        @Override
        public void piece(byte[] bytes, int read) {
            var head = waiting;
            if (head != null && bytes.length == 0) {
                Objects.requireNonNull(flow).taken(read);
            } else if (head != null) {
                begin(head, bytes, read);
            } else if (opened) {
                if (bytes.length > 0 && translates()) {
                    exchange.silence.eventSent();
                }
                exchange.context.exchanges().queued(exchange.down.add(bytes, read));
            }
        }

        @Override
        public void lastPiece(byte[] bytes, int read) {
            if (opened) {
                exchange.silence.eventSent();
                exchange.context.exchanges().queued(exchange.down.addLast(bytes, read));
            }
        }

        @Override
        public void end() {
            var head = waiting;
            if (head != null) {
                begin(head, NOTHING, 0);
            }
            if (exchange.record.call().route() == Route.MESSAGES && !exchange.down.endsProperly()) {
                unusable("The upstream ended the stream before its last event.", RequestEnd.UPSTREAM_LOST);
            } else if (opened && exchange.state.on(Event.COMPLETED)) {
                exchange.down.end();
            }
        }

        @Override
        public void failed(Failure failure) {
            exchange.fail(failure);
        }
    }
}
