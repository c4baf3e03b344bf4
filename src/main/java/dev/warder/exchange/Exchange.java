package dev.warder.exchange;

import dev.warder.container.ClientStreams;
import dev.warder.container.SerialTurn;
import dev.warder.exchange.ExchangePhase.Event;
import dev.warder.exchange.down.Failure;
import dev.warder.exchange.down.ResponseOwner;
import dev.warder.exchange.down.ResponsePhase;
import dev.warder.exchange.down.ResponseRelay;
import dev.warder.exchange.down.ResponseSink;
import dev.warder.exchange.up.Arrival;
import dev.warder.exchange.up.Deadlines;
import dev.warder.exchange.up.RefusalHandler;
import dev.warder.gate.Passage;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.OwnResponse;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import dev.warder.state.CallbackGuard;
import dev.warder.state.OffloadExecutor;
import dev.warder.state.StateMachine;
import jakarta.servlet.AsyncContext;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request from its first byte to the last byte of its response: an {@link UpstreamRequest} goes up, the upstream's response
 * comes down through {@link ResponseStages} and a {@link ResponseRelay}. {@link ExchangePhase} has the states: callbacks are
 * events, and what they cause are the table's actions. The exchange ends exactly once, caused by the upstream, the client, a
 * deadline or the operator. The first verdict is final.
 *
 * <p>Thread-safe. Callbacks come from the container, from the reactor and from the timer.
 */
final class Exchange implements RefusalHandler, ResponseOwner {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final ProxyContext context;
    private final Call call;
    private final SerialTurn turn;
    private final UpstreamRequest request;
    private final ResponseRelay down;
    private final ResponseStages stages;
    private final Deadlines deadlines;
    private final ClientSilence silence;
    private final ExchangeTimer timer;
    private final ExchangeActions actions;
    private final StateMachine<ExchangePhase, Event, ExchangePhase.Action> state =
            new StateMachine<>(ExchangePhase.WAITING, this::act);

    /**
     * Takes over a request for which {@link Exchanges#reserve} has reserved a place.
     *
     * @param arrival has the turn to read the body, {@linkplain SerialTurn#taken taken} by the calling thread until {@link #start} ends
     */
    Exchange(ProxyContext context, Arrival arrival, Passage passage, AsyncContext async, ClientStreams streams) {
        this.turn = arrival.turn();
        this.context = context;
        this.call = arrival.record().call();
        this.down = new ResponseRelay(
                turn,
                async,
                streams,
                context.client().afterRead(),
                context.exchanges().breakOffs(),
                this);
        this.deadlines = new Deadlines(context.config().timeouts(), now());
        this.silence = new ClientSilence(context.config().keepAlive(), context.nanoTime());
        var offload = new OffloadExecutor(context.tasks().of(async), this);
        this.stages = new ResponseStages(this, context, arrival, down, deadlines, silence, offload);
        this.request = new UpstreamRequest(context, arrival, passage, deadlines, offload, stages, this);
        this.timer = new ExchangeTimer(this, state, request, down, stages, deadlines, silence);
        this.actions = new ExchangeActions(
                arrival.record(), request, down, stages, timer, context.runningTime(), () -> context.exchanges()
                        .leave(this));
    }

    /**
     * Begins on the container's thread, still inside {@code service}: every listener is set here, because some containers
     * never call one that is set later. If another thread ends the exchange during this call, the request returns to its
     * container after the call. Throws only errors of the virtual machine, after the exchange has ended.
     */
    void start() {
        try {
            listenAndSend();
        } finally {
            CallbackGuard.runForContainer(() -> turn.open(request::readNow), this);
        }
    }

    private void listenAndSend() {
        var listening = new AtomicBoolean();
        CallbackGuard.runForContainer(
                () -> {
                    context.exchanges().enter(this);
                    down.listen();
                    listening.set(true);
                },
                this::failedToListen);
        if (listening.get()) {
            CallbackGuard.runForContainer(request::start, this);
        }
    }

    /** There may be no callback to write in, and the container may make none: the client gets the bare status. */
    private void failedToListen(Throwable cause) {
        CallbackGuard.runEach(() -> on(Event.NOT_LISTENING, RequestEnd.ERROR));
        LOG.error("A container refused the callbacks of the request {}", call.id(), cause);
    }

    /**
     * Ends the exchange with what can still be sent: the error response, or, if that was under way already, what of it is
     * queued. A further fault breaks the response off.
     */
    @Override
    public void fault(Throwable cause) {
        try {
            on(Event.FAULT, RequestEnd.ERROR);
        } catch (Throwable again) {
            CallbackGuard.runEach(() -> state.on(Event.BROKEN));
        }
        LOG.error("A fault ended the request {}", call.id(), cause);
    }

    @Override
    public void refused(ErrorReply reply) {
        fail(new Failure(reply, RequestEnd.REFUSED));
    }

    @Override
    public void clientGone() {
        on(Event.CLIENT_GONE, RequestEnd.CLIENT_GONE);
    }

    @Override
    public void written(int bytes) {
        actions.written(bytes);
        deadlines.clientMoved(now());
        silence.sent();
    }

    @Override
    public void sent() {
        on(Event.SENT, RequestEnd.OK);
    }

    /**
     * Where another thread ends the exchange at the same time, or runs what this event causes, or the response is complete,
     * that thread still has to write.
     */
    @Override
    public void stopped() {
        if (!drain() || state.runsElsewhere()) {
            down.awaitClosed();
        }
    }

    /** A container ends a request by itself when its error was reported and the request has not ended. */
    @Override
    public void awaitEnd() {
        if (state.runsElsewhere()) {
            down.awaitClosed();
        }
    }

    /** An event without an action, since the container's thread may hold locks. */
    @Override
    public void endedByContainer() {
        on(Event.ENDED_BY_CONTAINER, RequestEnd.ERROR);
    }

    /** The time that the operator gives open exchanges is over. The rest of a request that was refused is not waited for. */
    void drained() {
        CallbackGuard.run(this::drain, this);
    }

    /** Whether this call has made the exchange fail; another thread may still send the error. */
    private boolean drain() {
        var phase = state.phase();
        if (phase == ExchangePhase.TRAILING || phase == ExchangePhase.LINGERING && !down.pending()) {
            state.on(Event.SENT);
        } else if (phase.isOpen() && !phase.isComplete()) {
            var reply = down.headSet() ? ErrorReply.badGateway("The gateway is stopping.") : ErrorReply.stopping();
            return fail(new Failure(reply, RequestEnd.DRAINED));
        }
        return false;
    }

    /** Gives the exchange up as it is: the time that the operator gives its end is over, too. */
    void abandon() {
        CallbackGuard.run(() -> abandon(RequestEnd.DRAINED), this);
    }

    void abandon(RequestEnd end) {
        on(Event.ABANDONED, end);
    }

    /** Looks whether something has been waited for too long. Throws nothing: other exchanges are looked at next. */
    void check(long now) {
        CallbackGuard.run(() -> timer.check(now), this);
    }

    /**
     * Ends with an error of Warder's own, as far as that is possible; does nothing after the first verdict.
     *
     * @return whether this call has made the exchange fail
     */
    boolean fail(Failure failure) {
        return actions.decide(failure) && state.on(Event.FAILED);
    }

    private void on(Event event, RequestEnd end) {
        actions.decide(Failure.internal(end));
        state.on(event);
    }

    ResponseSink response() {
        return stages;
    }

    UpstreamRequest request() {
        return request;
    }

    StateMachine<ExchangePhase, Event, ExchangePhase.Action> state() {
        return state;
    }

    private void act(ExchangePhase.Action action) {
        actions.run(action, state);
    }

    private long now() {
        return context.runningTime().getAsLong();
    }

    /**
     * Runs the actions of the table {@link ExchangePhase}. One thread at a time but for {@link #decide} and {@link
     * #written}.
     */
    static final class ExchangeActions {
        private static final ErrorReply BROKEN_OFF = ErrorReply.invalidRequest(
                "The request broke off before the end of its body, or its framing is broken.");

        /** The status for a client that sends too slowly, whose further bytes are not waited for. */
        private static final int SLOW = 408;

        private final RequestRecord record;
        private final Call call;
        private final UpstreamRequest request;
        private final ResponseRelay down;
        private final ResponseStages stages;
        private final ExchangeTimer timer;
        private final LongSupplier nanoTime;
        private final Runnable leave;

        /** How the exchange ends, and the error that the client gets if it can still get one. */
        private final AtomicReference<@Nullable Failure> verdict = new AtomicReference<>();

        private final AtomicLong written = new AtomicLong();

        ExchangeActions(
                RequestRecord record,
                UpstreamRequest request,
                ResponseRelay down,
                ResponseStages stages,
                ExchangeTimer timer,
                LongSupplier nanoTime,
                Runnable leave) {
            this.record = record;
            this.call = record.call();
            this.request = request;
            this.down = down;
            this.stages = stages;
            this.timer = timer;
            this.nanoTime = nanoTime;
            this.leave = leave;
        }

        /** Decides how the exchange ends, before the event that ends it; returns false if that was decided before. */
        boolean decide(Failure failure) {
            if (verdict.get() == null) {
                timer.decided(nanoTime.getAsLong());
            }
            return verdict.compareAndSet(null, failure);
        }

        /** Bytes of the body were given to the container. */
        void written(int bytes) {
            record.latency().delivered();
            written.addAndGet(bytes);
        }

        void run(ExchangePhase.Action action, StateMachine<ExchangePhase, Event, ExchangePhase.Action> state) {
            switch (action) {
                case FAIL -> sendError(verdict().reply(), state);
                case DROP_REST -> dropRest();
                case END_RESPONSE -> down.end();
                case END_OR_BREAK -> endOrBreak(state);
                case LAST_WORD ->
                    down.lastWord(response -> OwnResponse.head(response, BROKEN_OFF, call.dialect(), call.id()));
                case BARE_ERROR -> down.bareError();
                case BREAK_BEGUN -> down.on(ResponsePhase.Event.BREAK_BEGUN);
                case BREAK -> down.on(ResponsePhase.Event.BREAK);
                case END_RECORD -> CallbackGuard.runEach(record::whole, this::endRecord);
                case END -> end();
            }
        }

        private void sendError(ErrorReply reply, StateMachine<ExchangePhase, Event, ExchangePhase.Action> state) {
            request.abort();
            byte[] body = call.dialect().body(reply, call.id());
            if (down.head(response -> OwnResponse.head(response, reply, call.dialect(), call.id()))) {
                record.status(reply.status());
                down.add(body, 0);
                state.on(Event.ERROR_QUEUED);
            } else {
                stages.failure(reply).ifPresentOrElse(down::cutOffBy, () -> down.cutOff(body));
            }
        }

        private void dropRest() {
            if (verdict().reply().status() == SLOW) {
                down.end();
            } else {
                request.dropRest(down::end);
            }
        }

        private void endOrBreak(StateMachine<ExchangePhase, Event, ExchangePhase.Action> state) {
            if (down.headSet()) {
                down.end();
            } else {
                state.on(Event.BROKEN);
            }
        }

        /** Each step is taken, whatever becomes of the others: there is no second time. */
        private void end() {
            CallbackGuard.runEach(
                    request::abort,
                    stages::close,
                    () -> down.on(ResponsePhase.Event.CLOSE),
                    this::endRecord,
                    leave::run);
        }

        private void endRecord() {
            var verdict = verdict();
            if (verdict.end() != RequestEnd.OK && verdict.end() != RequestEnd.CLIENT_GONE) {
                record.error(verdict.reply());
            }
            record.endExchange(verdict.end(), written.get());
        }

        private Failure verdict() {
            return Objects.requireNonNullElse(verdict.get(), Failure.internal(RequestEnd.ERROR));
        }
    }
}
