package dev.warder.exchange;

import dev.warder.auth.Gate;
import dev.warder.auth.Inquiry;
import dev.warder.auth.Passage;
import dev.warder.container.CallbackGuard;
import dev.warder.container.OffloadExecutor;
import dev.warder.container.StateMachine;
import dev.warder.exchange.down.Failure;
import dev.warder.exchange.tries.Tries;
import dev.warder.exchange.up.ClientPace;
import dev.warder.exchange.up.SendProgress;
import dev.warder.exchange.up.Upload;
import dev.warder.exchange.up.Upload.Arrival;
import dev.warder.exchange.up.UploadPhase;
import dev.warder.exchange.up.UploadPhase.Event;
import dev.warder.http.BodyReader;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.record.RequestEnd;
import dev.warder.usage.RequestUsage;
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

    private final Exchange exchange;
    private final Passage passage;
    private final ServletInputStream in;
    final OffloadExecutor offload;
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
     */
    UpstreamRequest(Exchange exchange, Arrival arrival, Passage passage, OffloadExecutor offload) {
        this.exchange = exchange;
        this.inquiry = arrival.decisions().inquiry(exchange.record.call(), arrival.head());
        this.passage = passage;
        this.in = arrival.in();
        this.offload = offload;
        var context = exchange.context;
        var deadlines = exchange.deadlines;
        var choice = arrival.decisions().choice();
        this.tries = new Tries(
                context.tries(), arrival.record(), choice, deadlines, passage.meters(), exchange.response(), exchange);
        this.pace = new ClientPace(context.config().timeouts().clientRead(), exchange.now());
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
        if (!exchange.turn.over()) {
            upload.reader().ifPresent(in::setReadListener);
        }
    }

    /** Whether a part of the body has not been read. */
    boolean isReading() {
        return upload.reader().filter(reader -> !reader.hasEnded()).isPresent();
    }

    void readNow() {
        upload.reader().ifPresent(BodyReader::read);
    }

    /** The failure of a request that a meter cuts now. The upstream goes on to generate while this program is stopped. */
    Optional<Failure> cut() {
        return passage.meters().tick(exchange.context.nanoTime().getAsLong()).map(Failure::cut);
    }

    List<Field> responseFields() {
        return passage.meters().responseFields();
    }

    /** The response is passed on, or read on without its client: a body that was sent is not needed again. */
    void passedOn() {
        tries.passedOn();
        state.on(Event.RESPONSE);
    }

    void abort() {
        exchange.record.leave();
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
        if (passage.isWaiting() && exchange.context.exchanges().isDraining()) {
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
        state.on(exchange.record.call().route().isCollected() ? Event.PREPARED : Event.READY);
    }

    @Override
    public void read(long bytes) {
        received.addAndGet(bytes);
        exchange.record.read(bytes);
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
        var usage = exchange.context.usage();
        String client = head.client().name();
        return content.with(usage.members().known(usage.threads().known(costs, client), client));
    }

    private void send() {
        var head = Objects.requireNonNull(inquiry);
        if (exchange.record.call().runsModel()) {
            exchange.record.usage(exchange.context
                    .usage()
                    .admitted(
                            facts(head), exchange.record.client(), head.client().team()));
        }
        inquiry = null;
        tries.begin(upload.outgoing(), head);
    }

    private RequestUsage.Facts facts(Inquiry head) {
        var content = head.content();
        return new RequestUsage.Facts(
                exchange.record.call().id(),
                exchange.record.call().dialect(),
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
                passage.meters().bounds(),
                passage.meters()::held);
    }

    /** A gate's thread gets nothing back that is thrown here. */
    private void awaitGates() {
        exchange.record.latency().waiting();
        passage.await(refusal -> CallbackGuard.run(() -> decided(refusal), exchange));
    }

    private void decided(Optional<ErrorReply> refusal) {
        if (refusal.isPresent()) {
            exchange.refused(refusal.get());
        } else {
            exchange.record.latency().admitted();
            state.on(Event.ADMITTED);
        }
    }

    @Override
    public SendProgress progress() {
        return new SendProgress(exchange.deadlines, exchange.context.runningTime(), this::checkSent);
    }

    private void checkSent() {
        if (tries.sendsNoMore()) {
            state.on(Event.NO_MORE);
        }
    }
}
