package dev.warder.exchange;

import dev.warder.auth.Client;
import dev.warder.auth.Passage;
import dev.warder.body.MemoryBudget;
import dev.warder.container.CallbackGuard;
import dev.warder.container.ClientThreads.ClientStreams;
import dev.warder.container.OffloadExecutor;
import dev.warder.container.SerialTurn;
import dev.warder.container.StateMachine;
import dev.warder.exchange.ExchangePhase.Event;
import dev.warder.exchange.down.Failure;
import dev.warder.exchange.down.ResponsePhase;
import dev.warder.exchange.down.ResponseRelay;
import dev.warder.exchange.down.ResponseRelay.ResponseOwner;
import dev.warder.exchange.down.ResponseSink;
import dev.warder.exchange.up.Deadlines;
import dev.warder.exchange.up.Upload.Arrival;
import dev.warder.exchange.up.Upload.RefusalHandler;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.OwnResponse;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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

    private static final ErrorReply BROKEN_OFF =
            ErrorReply.invalidRequest("The request broke off before the end of its body, or its framing is broken.");

    /** The status for a client that sends too slowly, whose further bytes are not waited for. */
    private static final int SLOW = 408;

    /** Bytes in transit for which nothing is charged, since each open exchange may have them. */
    private static final long UNCHARGED = 8 * 1024;

    private static final int RETRY_SECONDS = 5;
    private static final ErrorReply TOO_SLOW = ErrorReply.overloaded(
            "Memory for bodies is short, and this request moves too slowly."
                    + " An operator can raise limits.memory (and the heap).",
            RETRY_SECONDS);

    /** How long a failed exchange may take to end, for example because its client goes on sending. */
    private static final Duration LINGER = Duration.ofSeconds(30);

    /** The same where the error has no length: a client that has stopped sending waits for the end. */
    private static final Duration LINGER_UNMEASURED = Duration.ofSeconds(2);

    /** How long the end of the upstream's response is waited for when the client has the whole message. */
    private static final Duration TRAIL = Duration.ofSeconds(1);

    /** How long a response is read on after its client has left. */
    private static final Duration READ_ON = Duration.ofSeconds(60);

    final ProxyContext context;
    final RequestRecord record;
    private final Call call;
    private final Client client;
    final SerialTurn turn;
    final UpstreamRequest request;
    final ResponseRelay down;
    private final ResponseStages stages;
    final Deadlines deadlines;
    final ClientSilence silence;
    final StateMachine<ExchangePhase, Event, ExchangePhase.Action> state =
            new StateMachine<>(ExchangePhase.WAITING, this::act);

    /** How the exchange ends, and the error that the client gets if it can still get one. */
    private final AtomicReference<@Nullable Failure> verdict = new AtomicReference<>();

    private final AtomicLong written = new AtomicLong();

    /** The charge for what is in transit; null as long as that was never more than a little. */
    private volatile MemoryBudget.@Nullable Transit transit;

    /** Written before the event that follows from it, whose lock makes it visible to the thread that sees the later phase. */
    private long decidedAt;

    /**
     * Takes over a request for which {@link Exchanges#reserve} has reserved a place.
     *
     * @param arrival has the turn to read the body, {@linkplain SerialTurn#taken taken} by the calling thread until {@link #start} ends
     */
    Exchange(ProxyContext context, Arrival arrival, Passage passage, AsyncContext async, ClientStreams streams) {
        this.turn = arrival.turn();
        this.context = context;
        this.record = arrival.record();
        this.call = record.call();
        this.client = arrival.decisions().client();
        this.down = new ResponseRelay(
                turn, async, streams, context.client().afterRead(), context.exchanges().breakOffs, this);
        this.deadlines = new Deadlines(context.config().timeouts(), now());
        this.silence = new ClientSilence(context.config().keepAlive(), context.nanoTime());
        this.stages = new ResponseStages(this, arrival.decisions());
        this.request = new UpstreamRequest(
                this,
                arrival,
                passage,
                new OffloadExecutor(context.tools().tasks().of(async), this));
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
                    down.listen(context.exchanges().container);
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
        record.latency().delivered();
        written.addAndGet(bytes);
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
        awaitReturn(!drain());
    }

    /** A container ends a request by itself when its error was reported and the request has not ended. */
    @Override
    public void awaitEnd() {
        awaitReturn(false);
    }

    /** The thread that reads the body returns the request where it ends meanwhile. */
    private void awaitReturn(boolean byAnother) {
        var completion = down.completion();
        if (byAnother || state.runsElsewhere() || completion.waitsForReader()) {
            completion.awaitReturn();
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
        boolean isServed = phase == ExchangePhase.TRAILING || phase == ExchangePhase.LEFT;
        if (isServed || phase == ExchangePhase.LINGERING && !down.pending()) {
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

    private void abandon(RequestEnd end) {
        on(Event.ABANDONED, end);
    }

    /** Looks whether something has been waited for too long. Throws nothing: other exchanges are looked at next. */
    void check(long now) {
        CallbackGuard.run(() -> checkWaits(now), this);
    }

    private void checkWaits(long now) {
        state.resume();
        charge(now);
        var phase = state.phase();
        if (phase == ExchangePhase.RETURNED) {
            state.on(Event.CLIENT_GONE);
            return;
        }
        if (phase.isOpen() || phase == ExchangePhase.LEFT) {
            request.cut().filter(cut -> !state.phase().hasReceived()).ifPresent(this::fail);
        }
        if (down.pending()) {
            if (deadlines.clientStalled(now)) {
                abandon(RequestEnd.TIMEOUT);
            }
            return;
        }
        deadlines.clientMoved(now);
        switch (state.phase()) {
            case WAITING -> request.overdue(now).ifPresent(this::fail);
            case RESPONDING -> checkUpstream(now);
            case RECEIVED, COMPLETE, AHEAD -> comment();
            case TRAILING -> endIf(decidedAt < now - TRAIL.toNanos());
            case LEFT -> endIf(decidedAt < now - READ_ON.toNanos() || deadlines.upstreamIdle(now));
            case FAILING, LINGERING, CLOSING -> {
                boolean lingers = state.phase() == ExchangePhase.LINGERING;
                boolean unmeasured = lingers && context.exchanges().closesInputAtLength;
                if (lingers && isSlow() || unmeasured && decidedAt < now - LINGER_UNMEASURED.toNanos()) {
                    state.on(Event.SENT);
                } else if (decidedAt < now - LINGER.toNanos()) {
                    abandon(RequestEnd.ERROR);
                }
            }
            case RETURNED, ENDED -> {}
        }
    }

    private void endIf(boolean isLate) {
        if (isLate) {
            state.on(Event.SENT);
        }
    }

    /** Only here, some times a second, so that bytes which pass at once cost nothing. */
    private void charge(long now) {
        long unsent = request.upload.unsent();
        int least = context.exchanges().container.leastForUnsentPiece();
        long bytes = unsent + down.unread(least) + stages.uncharged();
        var charged = transit;
        if (charged == null) {
            if (bytes <= UNCHARGED) {
                return;
            }
            charged = context.bodies().memory().transit(context.bodies().share().apply(client), this::giveWay);
            transit = charged;
        }
        long moved = down.pending() ? deadlines.clientMoved() : unsent > 0 ? deadlines.upstreamMoved() : now;
        charged.hold(bytes > UNCHARGED ? bytes : 0, moved);
        if (state.phase() == ExchangePhase.ENDED) {
            charged.release();
        }
    }

    /** Memory is short, and this is the slowest exchange of the client that holds most of it. */
    private void giveWay() {
        CallbackGuard.run(
                () -> {
                    if (down.headSet() || !fail(new Failure(TOO_SLOW, RequestEnd.REFUSED))) {
                        abandon(RequestEnd.TIMEOUT);
                    }
                },
                this);
    }

    private void release() {
        Optional.ofNullable(transit).ifPresent(MemoryBudget.Transit::release);
    }

    private void checkUpstream(long now) {
        if (deadlines.upstreamIdle(now) && !stages.endWithMessage()) {
            fail(new Failure(ErrorReply.timeout("The upstream fell silent."), RequestEnd.TIMEOUT));
        } else {
            comment();
        }
    }

    private void comment() {
        if (silence.eventDue()) {
            silence.eventSent();
            stages.whileSilent();
        }
        if (silence.commentDue() && down.comment()) {
            silence.sent();
        }
    }

    /**
     * Ends with an error of Warder's own, as far as that is possible; does nothing after the first verdict.
     *
     * @return whether this call has made the exchange fail
     */
    boolean fail(Failure failure) {
        return (decide(failure) || state.phase() == ExchangePhase.LEFT) && state.on(Event.FAILED);
    }

    private void on(Event event, RequestEnd end) {
        decide(Failure.internal(end));
        state.on(event);
    }

    /** Decides how the exchange ends, before the event that ends it; returns false if that was decided before. */
    private boolean decide(Failure failure) {
        if (verdict.get() == null) {
            decidedAt = now();
        }
        return verdict.compareAndSet(null, failure);
    }

    ResponseSink response() {
        return stages;
    }

    private void act(ExchangePhase.Action action) {
        switch (action) {
            case FAIL -> sendError(verdict().reply());
            case DROP_REST -> dropRest();
            case END_RESPONSE -> down.end();
            case END_OR_BREAK -> {
                if (down.headSet()) {
                    down.end();
                } else {
                    state.on(Event.BROKEN);
                }
            }
            case LAST_WORD ->
                down.lastWord(response -> OwnResponse.head(response, BROKEN_OFF, call.dialect(), call.id()));
            case BARE_ERROR -> down.bareError();
            case BREAK_BEGUN -> down.on(ResponsePhase.Event.BREAK_BEGUN);
            case BREAK -> down.on(ResponsePhase.Event.BREAK);
            case LEAVE -> leave();
            case END_RECORD -> CallbackGuard.runEach(record::whole, this::endRecord);
            // Each step is taken, whatever becomes of the others: there is no second time.
            case END ->
                CallbackGuard.runEach(
                        request::abort,
                        stages::close,
                        () -> down.on(ResponsePhase.Event.CLOSE),
                        this::release,
                        this::endRecord,
                        () -> context.exchanges().leave(this));
        }
    }

    private void leave() {
        if (context.exchanges().isEnding() || !record.leave()) {
            state.on(Event.SENT);
        } else {
            CallbackGuard.runEach(request::passedOn, () -> down.on(ResponsePhase.Event.CLOSE), stages::leave);
        }
    }

    private void sendError(ErrorReply reply) {
        request.abort();
        byte[] body = call.dialect().body(reply, call.id());
        if (down.head(response -> errorHead(response, reply))) {
            record.status(reply.status());
            down.add(body, 0);
            state.on(Event.ERROR_QUEUED);
        } else {
            stages.failure(reply).ifPresentOrElse(down::cutOffBy, () -> down.cutOff(body));
        }
    }

    private void errorHead(HttpServletResponse response, ErrorReply reply) {
        byte[] body = OwnResponse.head(response, reply, call.dialect(), call.id());
        if (!context.exchanges().closesInputAtLength || !request.isReading()) {
            response.setContentLength(body.length);
        }
    }

    /**
     * The rest of a slow request is not waited for: the next look ends the exchange, once the error was flushed. Open Liberty
     * would wait for the rest first if the request ended with the last write.
     */
    private void dropRest() {
        if (!isSlow()) {
            request.dropRest(down::end);
        }
    }

    private boolean isSlow() {
        return verdict().reply().status() == SLOW;
    }

    private void endRecord() {
        var end = verdict();
        if (end.end() != RequestEnd.OK && end.end() != RequestEnd.CLIENT_GONE) {
            record.error(end.reply());
        }
        record.endExchange(end.end(), written.get());
    }

    private Failure verdict() {
        return Objects.requireNonNullElse(verdict.get(), Failure.internal(RequestEnd.ERROR));
    }

    long now() {
        return context.runningTime().getAsLong();
    }

    /**
     * How long a client has received nothing, or nothing but comments. A client counts the time in which this program is stopped,
     * so that the real time counts here too.
     *
     * <p>Written by the threads that send and read by the timer; each field is volatile and independent.
     */
    static final class ClientSilence {
        /** This many comments in a row may stand for one event (rule "Silence of a translated stream"). */
        private static final int COMMENTS = 8;

        /** The longest silence without an event, whatever {@code stream.keepAlive} is. */
        private static final long LONGEST = TimeUnit.SECONDS.toNanos(120);

        private final long keepAlive;
        private final LongSupplier nanoTime;
        private volatile long sent;
        private volatile long eventSent;

        /**
         * @param keepAlive silence before a comment, zero for none
         * @param nanoTime a clock that never goes back, and goes on always
         */
        ClientSilence(Duration keepAlive, LongSupplier nanoTime) {
            this.keepAlive = keepAlive.toNanos();
            this.nanoTime = nanoTime;
            this.sent = now();
            this.eventSent = now();
        }

        void sent() {
            sent = now();
        }

        void eventSent() {
            eventSent = now();
        }

        boolean eventDue() {
            long most = keepAlive > 0 ? Math.min(COMMENTS * keepAlive, LONGEST) : LONGEST;
            return now() - eventSent > most;
        }

        boolean commentDue() {
            return keepAlive > 0 && now() - sent > keepAlive;
        }

        private long now() {
            return nanoTime.getAsLong();
        }
    }
}
