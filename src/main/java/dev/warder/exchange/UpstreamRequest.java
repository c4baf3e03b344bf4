package dev.warder.exchange;

import dev.warder.container.SerialTurn;
import dev.warder.exchange.down.Failure;
import dev.warder.exchange.down.ResponseSink;
import dev.warder.exchange.tries.Tries;
import dev.warder.exchange.up.Arrival;
import dev.warder.exchange.up.BodyReader;
import dev.warder.exchange.up.ClientPace;
import dev.warder.exchange.up.Deadlines;
import dev.warder.exchange.up.SendProgress;
import dev.warder.exchange.up.Upload;
import dev.warder.exchange.up.Upload.RefusalHandler;
import dev.warder.exchange.up.UploadPhase;
import dev.warder.exchange.up.UploadPhase.Event;
import dev.warder.gate.Gate;
import dev.warder.gate.Inquiry;
import dev.warder.gate.Passage;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.json.BodyThread;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import dev.warder.state.CallbackGuard;
import dev.warder.state.OffloadExecutor;
import dev.warder.state.StateMachine;
import dev.warder.usage.RequestFacts;
import jakarta.servlet.ServletInputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The request of one exchange on its way up: through the gates, as a body that is collected or relayed, to the tries. {@link
 * UploadPhase} has the states.
 *
 * <p>Thread-safe. Callbacks come from the container, from the reactor, from the timer, and from gates.
 */
final class UpstreamRequest implements Upload.Events {
    private static final Set<Gate.Needs> BODY = Set.of(Gate.Needs.BODY);

    private final ProxyContext context;
    private final RequestRecord record;
    private final Passage passage;
    private final SerialTurn turn;
    private final ServletInputStream in;
    private final Deadlines deadlines;
    private final OffloadExecutor offload;
    private final RefusalHandler exchange;
    private final Tries tries;
    /** The form in which it goes up, which knows how its response is translated and what it was made of. */
    final Upload upload;

    /** Null once the request is sent, since no gate is asked any more. Only actions use it. */
    private @Nullable Inquiry inquiry;

    private final ClientPace pace;
    private final StateMachine<UploadPhase, Event, UploadPhase.Action> state =
            new StateMachine<>(UploadPhase.CREATED, this::act);
    private final AtomicLong received = new AtomicLong();

    /**
     * @param passage has asked the gates that need no body
     * @param offload runs what takes a while on a thread that no other request waits for
     * @param response receives the upstream's response, or that there is none
     * @param exchange is ended without a lock where the request is not sent
     */
    UpstreamRequest(
            ProxyContext context,
            Arrival arrival,
            Passage passage,
            Deadlines deadlines,
            OffloadExecutor offload,
            ResponseSink response,
            RefusalHandler exchange) {
        this.context = context;
        this.record = arrival.record();
        this.inquiry = arrival.decisions().inquiry(record.call(), arrival.head());
        this.passage = passage;
        this.turn = arrival.turn();
        this.in = arrival.in();
        this.deadlines = deadlines;
        this.offload = offload;
        this.exchange = exchange;
        var choice = arrival.decisions().choice();
        this.tries = new Tries(context.tries(), record, choice, deadlines, passage.meters(), response, exchange);
        this.pace = new ClientPace(context.config().timeouts().clientRead(), now());
        this.upload = Upload.of(context.bodies(), arrival, deadlines, offload, this, exchange);
    }

    /**
     * Begins on the container's thread, still inside {@code service}: the listener for the body is set here, also where a
     * gate has not decided yet and the body stays unread.
     */
    void start() {
        if (!state.on(Event.STARTED)) {
            return;
        }
        if (passage.isWaiting()) {
            upload.reader().ifPresent(BodyReader::hold);
        }
        awaitGates();
        // An exchange that has ended by now needs no body.
        if (!turn.over()) {
            upload.reader().ifPresent(in::setReadListener);
        }
    }

    void readNow() {
        upload.reader().ifPresent(BodyReader::read);
    }

    /** The failure of a request that a meter cuts now. The upstream goes on to generate while this program is stopped. */
    Optional<Failure> cut() {
        return passage.meters().tick(context.nanoTime().getAsLong()).map(Failure::cut);
    }

    List<Field> responseFields() {
        return passage.meters().responseFields();
    }

    /** The response is passed on: a body that was sent is not needed again. On the reactor's thread, as the content is. */
    void passedOn() {
        tries.passedOn();
        state.on(Event.RESPONSE);
    }

    void abort() {
        state.on(Event.END);
    }

    /**
     * Reads and drops what the client still sends of a request that was refused, so that the response is not lost with a
     * connection that is reset (RFC 9112, section 9.6); then runs {@code next}.
     */
    void dropRest(Runnable next) {
        var reader = upload.reader();
        if (reader.isPresent() && state.phase().hasStarted()) {
            reader.get().drop(next);
        } else {
            next.run();
        }
    }

    Optional<Failure> overdue(long now) {
        if (passage.isWaiting() && context.exchanges().isDraining()) {
            return Optional.of(new Failure(ErrorReply.stopping(), RequestEnd.DRAINED));
        }
        var failure = passage.overdue(now)
                .map(reply -> new Failure(reply, RequestEnd.REFUSED))
                .or(() -> upload.overdue(now));
        if (failure.isPresent()) {
            return failure;
        }
        boolean asks = state.phase().isOpen() && upload.asks();
        if (pace.isTooSlow(now, asks, received.get())) {
            return Optional.of(new Failure(ErrorReply.tooSlow(), RequestEnd.TIMEOUT));
        }
        return tries.overdue(now, upload.waitsForClient());
    }

    @Override
    public void prepared() {
        state.on(record.call().route().isCollected() ? Event.PREPARED : Event.READY);
    }

    @Override
    public void read(long bytes) {
        received.addAndGet(bytes);
        record.read(bytes);
    }

    private void act(UploadPhase.Action action) {
        switch (action) {
            case OPEN -> open();
            case ASK -> ask();
            case SEND -> send();
            case CHECK -> checkSent();
            case WITHDRAW -> passage.withdraw();
            case CLOSE -> upload.close();
            case ABORT -> tries.abort();
            case RELEASE -> upload.release();
        }
    }

    private void open() {
        upload.open();
        upload.reader().ifPresent(reader -> reader.open(offload));
    }

    private void ask() {
        var head = Objects.requireNonNull(inquiry);
        var asked =
                upload.content().map(content -> head.with(known(content, head))).orElse(head);
        inquiry = asked;
        passage.ask(asked, BODY);
        awaitGates();
    }

    private Inquiry.Content known(Inquiry.Content content, Inquiry head) {
        var costs = content.outline().costs();
        if (head.ownCredential() || costs.thread().isEmpty() && costs.unknown().isEmpty()) {
            return content;
        }
        var usage = context.usage();
        String client = head.client().name();
        return content.with(usage.members().known(usage.threads().known(costs, client), client));
    }

    private void send() {
        var head = Objects.requireNonNull(inquiry);
        if (record.call().runsModel()) {
            record.usage(context.usage()
                    .admitted(facts(head), record.client(), head.client().team()));
        }
        inquiry = null;
        tries.begin(upload.outgoing(), head.costs().thread().flatMap(BodyThread::keeper));
    }

    private RequestFacts facts(Inquiry head) {
        var content = head.content();
        return new RequestFacts(
                record.call().id(),
                record.call().dialect(),
                head.sessionId(),
                head.agentId(),
                head.hints(),
                content.flatMap(Inquiry.Content::asked),
                content.flatMap(Inquiry.Content::model),
                content.map(body -> OptionalLong.of(body.length())).orElse(OptionalLong.empty()),
                content.map(Inquiry.Content::maxTokens).orElse(OptionalLong.empty()),
                head.costs(),
                head.ownCredential(),
                passage.meters().admittedAt(),
                passage.meters().bounds());
    }

    /** A gate's thread gets nothing back that is thrown here. */
    private void awaitGates() {
        record.latency().waiting();
        passage.await(refusal -> CallbackGuard.run(() -> decided(refusal), exchange));
    }

    private void decided(Optional<ErrorReply> refusal) {
        if (refusal.isPresent()) {
            exchange.refused(refusal.get());
        } else {
            record.latency().admitted();
            state.on(Event.ADMITTED);
        }
    }

    @Override
    public SendProgress progress() {
        return new SendProgress(deadlines, context.runningTime(), this::checkSent);
    }

    private void checkSent() {
        if (tries.sendsNoMore()) {
            state.on(Event.NO_MORE);
        }
    }

    private long now() {
        return context.runningTime().getAsLong();
    }
}
