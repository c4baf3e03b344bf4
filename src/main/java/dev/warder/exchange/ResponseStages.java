package dev.warder.exchange;

import dev.warder.exchange.Exchange.ClientSilence;
import dev.warder.exchange.ExchangePhase.Event;
import dev.warder.exchange.down.Failure;
import dev.warder.exchange.down.Flow;
import dev.warder.exchange.down.ResponseHead;
import dev.warder.exchange.down.ResponsePipeline;
import dev.warder.exchange.down.ResponseRelay;
import dev.warder.exchange.down.ResponseSink;
import dev.warder.exchange.down.TranslateStage;
import dev.warder.exchange.up.Arrival;
import dev.warder.exchange.up.Deadlines;
import dev.warder.exchange.up.Decisions;
import dev.warder.http.ErrorReply;
import dev.warder.http.Route;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import dev.warder.state.OffloadExecutor;
import dev.warder.state.StateMachine;
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
    private final ProxyContext context;
    private final RequestRecord record;
    private final Decisions decisions;
    private final ResponseRelay down;
    private final Deadlines deadlines;
    private final ClientSilence silence;
    private final OffloadExecutor offload;
    private final StateMachine<ExchangePhase, Event, ExchangePhase.Action> state;

    /** Written before {@link Event#RESPONSE}, whose lock makes it visible to each thread that sees a later phase. */
    private @Nullable ResponsePipeline pipeline;

    /**
     * @param exchange gets its request later
     * @param offload runs what takes a while
     */
    ResponseStages(
            Exchange exchange,
            ProxyContext context,
            Arrival arrival,
            ResponseRelay down,
            Deadlines deadlines,
            ClientSilence silence,
            OffloadExecutor offload) {
        this.exchange = exchange;
        this.context = context;
        this.record = arrival.record();
        this.decisions = arrival.decisions();
        this.down = down;
        this.deadlines = deadlines;
        this.silence = silence;
        this.offload = offload;
        this.state = exchange.state();
    }

    @Override
    public void head(ResponseHead head, Flow upstream) {
        deadlines.upstreamMoved(now());
        record.firstByte();
        exchange.request.passedOn();
        var stages = stages();
        pipeline = stages;
        if (!state.on(Event.RESPONSE)) {
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
        deadlines.upstreamMoved(now());
        record.latency().arrived();
        var stages = pipeline;
        if (state.phase().isOpen() && stages != null) {
            stages.first().piece(bytes, read);
        }
    }

    @Override
    public void end() {
        var stages = pipeline;
        if (state.on(Event.UPSTREAM_ENDED) && state.phase().isOpen() && stages != null) {
            stages.first().end();
        }
    }

    /** Ignored after the end, and after the last event of a stream: the whole response is there. */
    @Override
    public void failed(Failure failure) {
        if (failure.end() == RequestEnd.UPSTREAM_LOST && down.isWholeStream()) {
            endWithMessage();
            state.on(Event.UPSTREAM_ENDED);
        } else if (!state.phase().hasReceived()) {
            exchange.fail(failure);
        }
    }

    boolean endWithMessage() {
        if (!down.isWholeStream() || !state.on(Event.COMPLETED)) {
            return false;
        }
        down.end();
        return true;
    }

    @Override
    public void close() {
        var stages = pipeline;
        if (stages != null) {
            stages.first().close();
        }
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
        long limit = context.config().limits().body();
        return new ResponsePipeline(
                upload.translation(),
                decisions.responseEdit(),
                upload.sent(),
                context.bodies().memory(),
                limit,
                offload,
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

    private long now() {
        return context.runningTime().getAsLong();
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
            if (!state.phase().isOpen()) {
                return;
            }
            silence.sent();
            silence.eventSent();
            var shown = head.with(exchange.request.responseFields());
            var events = head.isOpenStream()
                    ? Optional.of(Objects.requireNonNull(pipeline).guard())
                    : Optional.<EventStreamGuard>empty();
            opened = down.upstreamHead(
                    response -> write(shown, response), Objects.requireNonNull(flow), events, first, read);
            if (opened) {
                record.status(head.status());
                context.exchanges().queued(first.length);
            }
        }

        private void write(ResponseHead head, HttpServletResponse response) {
            head.writeTo(response, record.call().id());
            if (head.contentLength() > 0) {
                context.exchanges().breakOffs.prepare(response);
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
                    silence.eventSent();
                }
                context.exchanges().queued(down.add(bytes, read));
            }
        }

        @Override
        public void lastPiece(byte[] bytes, int read) {
            if (opened) {
                silence.eventSent();
                context.exchanges().queued(down.addLast(bytes, read));
            }
        }

        @Override
        public void end() {
            var head = waiting;
            if (head != null) {
                begin(head, NOTHING, 0);
            }
            if (record.call().route() == Route.MESSAGES && !down.endsProperly()) {
                unusable("The upstream ended the stream before its last event.", RequestEnd.UPSTREAM_LOST);
            } else if (opened && state.on(Event.COMPLETED)) {
                down.end();
            }
        }

        @Override
        public void failed(Failure failure) {
            exchange.fail(failure);
        }
    }
}
