package dev.warder.proxy;

import dev.warder.container.ClientStreams;
import dev.warder.container.SerialTurn;
import dev.warder.gate.Passage;
import dev.warder.http.Call;
import dev.warder.http.Dialect;
import dev.warder.http.ErrorReply;
import dev.warder.http.OwnAnswer;
import dev.warder.http.Route;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import dev.warder.sse.LastEvent;
import jakarta.servlet.AsyncContext;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request from its first byte to the last byte of its answer: an {@link UpstreamRequest} goes up, what the upstream says
 * comes down by a {@link ResponseRelay}. It ends exactly once, whoever brings the end: the upstream, the client, a deadline
 * or the operator. The first verdict stands.
 *
 * <p>Thread-safe. Callbacks come from the container, from the reactor and from the timer.
 */
final class Exchange implements UpstreamRequest.Events, ResponseRelay.Events {
    private static final ErrorReply BROKEN_OFF =
            ErrorReply.invalidRequest("The request broke off before the end of its body, or its framing is broken.");

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    /** The status for a client that sends too slowly, whose further bytes are not waited for. */
    private static final int SLOW = 408;

    /** How long a client may go on sending a request that was answered with an error. */
    private static final Duration LINGER = Duration.ofSeconds(30);

    private final ProxyContext context;
    private final RequestRecord record;
    private final Call call;
    private final String client;
    private final SerialTurn turn;
    private final UpstreamRequest request;
    private final ResponseRelay down;
    private final Deadlines deadlines;
    private final Aside aside;
    private final AtomicReference<@Nullable RequestEnd> verdict = new AtomicReference<>();
    private final AtomicBoolean finished = new AtomicBoolean();
    private final AtomicInteger faults = new AtomicInteger();
    private final AtomicLong out = new AtomicLong();

    private volatile @Nullable ResponseSink stages;
    private volatile @Nullable Flow flow;
    private volatile long failedAt = Long.MAX_VALUE;
    private volatile boolean answering;
    private volatile boolean eventStream;
    private volatile boolean upstreamEnded;
    private volatile boolean refused;
    private volatile boolean endedByContainer;

    /**
     * Takes over a request that {@link Exchanges#reserve} has made room for.
     *
     * @param turn the turn to read the body, {@linkplain SerialTurn#taken taken} by the calling thread until {@link #start} ends
     */
    Exchange(
            ProxyContext context,
            RequestRecord record,
            Decisions decisions,
            Passage passage,
            RequestHead head,
            SerialTurn turn,
            AsyncContext async,
            ClientStreams streams) {
        this.turn = turn;
        this.context = context;
        this.record = record;
        this.call = record.call();
        this.client = decisions.client().name();
        this.down = new ResponseRelay(
                turn,
                async,
                streams,
                context.client().afterRead(),
                context.exchanges().breakOffs(),
                this);
        this.deadlines =
                new Deadlines(context.config().timeouts(), context.config().keepAlive(), now());
        this.aside = new Aside(async::start, this);
        this.request = new UpstreamRequest(
                context, record, decisions, passage, head, turn, streams.in(), deadlines, aside, this);
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
        verdict.compareAndSet(null, RequestEnd.ERROR);
        CallbackGuard.runEach(down::bareError, this::finish);
        LOG.error("A container refused the callbacks of the request {}", call.id(), cause);
    }

    /**
     * Ends the exchange with what can still be sent: the error response, or, if that was under way already, what of it is
     * queued. A further fault breaks the response off.
     */
    @Override
    public void fault(Throwable cause) {
        try {
            endAfterFault(faults.incrementAndGet() == 1);
        } catch (Throwable again) {
            breakOff();
        }
        LOG.error("A fault ended the request {}", call.id(), cause);
    }

    @Override
    public void refused(ErrorReply reply) {
        fail(reply, RequestEnd.REFUSED);
    }

    @Override
    public void clientGone() {
        verdict.compareAndSet(null, RequestEnd.CLIENT_GONE);
        down.lastWord(response -> OwnAnswer.head(response, BROKEN_OFF, call.dialect(), call.id()));
        finish();
    }

    @Override
    public void head(ResponseHead head, Flow upstream) {
        deadlines.upstreamMoved(now());
        record.firstByte();
        answering = true;
        request.passedOn();
        flow = upstream;
        if (head.isRedirect()) {
            fail(
                    ErrorReply.badGateway("The upstream answered with a redirect, which is not followed."),
                    RequestEnd.ERROR);
        } else if (head.isInvalid()) {
            fail(
                    ErrorReply.badGateway("The upstream's response has an invalid status code."),
                    RequestEnd.UPSTREAM_LOST);
        } else if (head.isTooLarge()) {
            fail(ErrorReply.badGateway("The head of the upstream's answer is too large."), RequestEnd.ERROR);
        } else if (verdict.get() == null) {
            var first = stages();
            stages = first;
            first.head(head, upstream);
        }
    }

    @Override
    public void piece(byte[] bytes, int read) {
        deadlines.upstreamMoved(now());
        var first = stages;
        if (verdict.get() == null && first != null) {
            first.piece(bytes, read);
        }
    }

    @Override
    public void end() {
        upstreamEnded = true;
        var first = stages;
        if (verdict.get() == null && first != null) {
            first.end();
        }
    }

    @Override
    public void failed(Failure failure) {
        if (!upstreamEnded) {
            upstreamEnded = true;
            endWith(failure);
        }
    }

    @Override
    public void written(int bytes) {
        long now = now();
        out.addAndGet(bytes);
        deadlines.clientMoved(now);
        deadlines.told(now);
    }

    @Override
    public void taken(int bytes) {
        var upstream = flow;
        if (upstream != null) {
            upstream.taken(bytes);
        }
    }

    @Override
    public void answered() {
        finish();
    }

    /** Where the undeployment ends the exchange at the same time, or the response is whole, another thread still has to write. */
    @Override
    public void stopped() {
        boolean endsElsewhere = verdict.get() != null || down.whole();
        drained();
        if (endsElsewhere) {
            down.awaitClosed();
        }
    }

    @Override
    public void endedByContainer() {
        verdict.compareAndSet(null, RequestEnd.ERROR);
        endedByContainer = true;
    }

    /** The operator's patience with open exchanges is over. Nobody waits for what a client that has its refusal still sends. */
    void drained() {
        CallbackGuard.run(this::drain, this);
    }

    private void drain() {
        if (refused && !down.pending()) {
            finish();
        } else if (!down.headSet()) {
            fail(ErrorReply.overloaded("The gateway is stopping.", 5), RequestEnd.DRAINED);
        } else if (!down.whole()) {
            cutOff(ErrorReply.badGateway("The gateway is stopping."), RequestEnd.DRAINED);
        }
    }

    /** Gives the exchange up as it is: the operator's patience with its last words is over, too. */
    void abandon() {
        giveUp(RequestEnd.DRAINED);
    }

    /** The name of the client that it counts for. */
    String client() {
        return client;
    }

    /** Looks whether something has been waited for too long. Throws nothing: other exchanges are looked at next. */
    void check(long now) {
        CallbackGuard.run(() -> look(now), this);
    }

    private void look(long now) {
        if (endedByContainer) {
            finish();
            return;
        }
        if (verdict.get() == null) {
            request.cut(now).filter(failure -> !upstreamEnded).ifPresent(this::endWith);
        }
        if (down.pending()) {
            if (deadlines.clientStalled(now)) {
                giveUp(RequestEnd.TIMEOUT);
            }
            return;
        }
        deadlines.clientMoved(now);
        if (verdict.get() != null && failedAt < now - LINGER.toNanos()) {
            giveUp(RequestEnd.ERROR);
        } else if (verdict.get() == null && answering) {
            checkStream(now);
        } else if (verdict.get() == null) {
            request.overdue(now).ifPresent(this::endWith);
        }
    }

    private void checkStream(long now) {
        if (!upstreamEnded && deadlines.upstreamIdle(now)) {
            endWith(new Failure(ErrorReply.timeout("The upstream fell silent."), RequestEnd.TIMEOUT));
        } else if (eventStream && deadlines.commentDue(now)) {
            deadlines.told(now);
            down.comment();
        }
    }

    /**
     * The stages of a response, in their order: decode, tap, edit, translate, relay. A response in the client's own dialect keeps
     * its coding, and is not edited if it has one.
     */
    private ResponseSink stages() {
        var dialect = request.translation();
        if (dialect.isEmpty()) {
            return request.tapped(request.edited(new Relayed()));
        }
        long limit = context.config().limits().body();
        var translate = new TranslateStage(dialect.get(), context.memory(), limit, aside, new Relayed());
        return new DecodeStage(request.tapped(request.edited(translate)));
    }

    private void endWith(Failure failure) {
        if (down.headSet()) {
            cutOff(failure.reply(), failure.end());
        } else {
            fail(failure.reply(), failure.end());
        }
    }

    /** Answers with an error of Warder's own, where nothing was answered yet. */
    private void fail(ErrorReply reply, RequestEnd end) {
        failedAt = now();
        if (!verdict.compareAndSet(null, end)) {
            return;
        }
        request.abort();
        byte[] body = call.dialect().body(reply, call.id());
        if (down.head(response -> OwnAnswer.head(response, reply, call.dialect(), call.id()))) {
            record.status(reply.status());
            down.add(body);
            refused = true;
            if (reply.status() == SLOW) {
                down.end();
            } else {
                request.dropRest(down::end);
            }
        } else {
            breakDown(body);
        }
    }

    /** Ends an answer that has begun and cannot go on. */
    private void cutOff(ErrorReply reason, RequestEnd end) {
        if (verdict.compareAndSet(null, end)) {
            request.abort();
            breakDown(call.dialect().body(reason, call.id()));
        }
    }

    private void breakDown(byte[] reason) {
        if (eventStream) {
            down.endWithError(reason);
        } else {
            down.breakOff();
        }
    }

    /** Ends without another word to a client that would not take it. */
    private void giveUp(RequestEnd end) {
        verdict.compareAndSet(null, end);
        down.breakWhereItStands();
        finish();
    }

    private void endAfterFault(boolean first) {
        if (verdict.get() == null) {
            endWith(new Failure(ErrorReply.internal(), RequestEnd.ERROR));
            // The rest of the request is not waited for: reading it may be what fails.
            down.end();
        } else if (first && down.headSet()) {
            down.end();
        } else {
            breakOff();
        }
    }

    private void breakOff() {
        verdict.compareAndSet(null, RequestEnd.ERROR);
        CallbackGuard.runEach(down::breakInAnyCase, this::finish);
    }

    /** Each step is taken, whatever becomes of the others: there is no second time. */
    private void finish() {
        if (finished.getAndSet(true)) {
            return;
        }
        verdict.compareAndSet(null, RequestEnd.OK);
        CallbackGuard.runEach(
                request::abort,
                this::closeStages,
                down::close,
                () -> record.end(Objects.requireNonNull(verdict.get()), out.get()),
                () -> context.exchanges().leave(this));
    }

    private long now() {
        return context.nanoTime().getAsLong();
    }

    private void closeStages() {
        var first = stages;
        if (first != null) {
            first.close();
        }
    }

    /** Hands the response over to the relay, which guards an event stream. */
    private final class Relayed implements ResponseSink {
        private boolean opened;

        @Override
        public void head(ResponseHead head, Flow upstream) {
            if (verdict.get() != null) {
                return;
            }
            eventStream = head.isOpenStream();
            deadlines.told(now());
            opened = eventStream
                    ? down.eventStreamHead(response -> head.writeTo(response, call.id()), last())
                    : down.head(response -> head.writeTo(response, call.id()));
            if (opened) {
                record.status(head.status());
            }
        }

        @Override
        public void piece(byte[] bytes, int read) {
            if (opened) {
                context.exchanges().queued(down.add(bytes, read));
            }
        }

        @Override
        public void end() {
            if (eventStream && call.route() == Route.MESSAGES && !down.endsProperly()) {
                cutOff(
                        ErrorReply.badGateway("The upstream ended the stream before its last event."),
                        RequestEnd.UPSTREAM_LOST);
            } else if (opened && verdict.get() == null) {
                down.end();
            }
        }

        @Override
        public void failed(Failure failure) {
            endWith(failure);
        }

        private LastEvent last() {
            return call.dialect() == Dialect.OPENAI ? LastEvent.DONE : LastEvent.MESSAGE_STOP;
        }
    }
}
