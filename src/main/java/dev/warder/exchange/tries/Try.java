package dev.warder.exchange.tries;

import dev.warder.container.Cancellation;
import dev.warder.container.StateMachine;
import dev.warder.credential.Candidates;
import dev.warder.credential.Outcome;
import dev.warder.credential.UpstreamCredential;
import dev.warder.exchange.down.Failure;
import dev.warder.exchange.down.ResponseHead;
import dev.warder.exchange.down.ResponseSink;
import dev.warder.exchange.down.ResponseSink.Flow;
import dev.warder.exchange.down.UpstreamResponse;
import dev.warder.exchange.tries.TriedResponse.FirstEvent;
import dev.warder.exchange.tries.TryPhase.Action;
import dev.warder.exchange.tries.TryPhase.Event;
import dev.warder.exchange.up.Deadlines;
import dev.warder.exchange.up.SendProgress;
import dev.warder.exchange.up.SendProgress.RequestContent;
import dev.warder.record.TryRecord;
import dev.warder.upstream.UpstreamClient;
import dev.warder.upstream.UpstreamExchange;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * One try: a request upstream with one credential, how far it is sent, and its response. It passes the response on, or keeps
 * it back while another credential could bring a better one, and reports it once it is known whole. {@link TryPhase} has the
 * states.
 *
 * <p>The request is asked for, and the response comes, on reactor threads, one event at a time; a failure, {@link #check} and
 * {@link #cancel} come on any.
 */
final class Try implements AsyncRequestProducer, ResponseSink {
    /** The waits of one request that can become too long. */
    enum Waiting {
        VALUE,
        RESPONSE,
        REST
    }

    private final Tries tries;
    private final Candidates.@Nullable Use use;
    private final UpstreamCredential credential;
    private final ResponseSink client;
    private final UpstreamClient.Sender sender;
    private final SendProgress sending;
    private final @Nullable RequestContent content;
    final TryRecord record;
    private final UpstreamResponse received;
    private final Cancellation cancellation = new Cancellation();
    private final StateMachine<TryPhase, Event, Action> state =
            new StateMachine<>(TryPhase.WAITING, action -> act(action, null));

    /** Without fields once the response is passed on, for a stream may go on for an hour; HttpClient sends a copy. */
    private final HttpRequest message;

    /** True once the request or a part of it is sent: a failure from then on may be of its making. */
    private volatile boolean sendBegan;

    /** Written by the reactor's thread, before the event after which another thread may use it; null before the head. */
    private @Nullable TriedResponse response;

    /** @param use null for the caller's own credential */
    Try(
            Tries tries,
            Candidates.@Nullable Use use,
            UpstreamCredential credential,
            Provider.Rendered request,
            SendProgress sending,
            TryRecord record) {
        this.tries = tries;
        this.use = use;
        this.credential = credential;
        this.client = tries.client;
        this.sender = request.sender();
        this.message = request.head();
        this.sending = sending;
        this.content = sending.content();
        this.record = record;
        this.received = tries.receiver(this, request, record);
        sending.whenWhole(record::sent);
    }

    Candidates.Use use() {
        return Objects.requireNonNull(use);
    }

    UpstreamCredential credential() {
        return credential;
    }

    /** The path with the query, as it is sent. */
    String target() {
        return message.getPath();
    }

    void send(boolean streams) {
        if (cancellation.isCancelled()) {
            return;
        }
        try {
            var exchange = sender.execute(streams, this, received, received);
            cancellation.add(() -> stop(exchange));
        } catch (RuntimeException | Error fault) {
            record.failed();
            throw fault;
        }
    }

    private void stop(UpstreamExchange exchange) {
        if (!(received.hasEnded() && sending.isWhole())) {
            exchange.cancel();
        }
    }

    /** A connection was found for it: before that, it cannot be the cause of a failure. */
    void sendBegins() {
        sendBegan = true;
        record.sendBegan();
        if (content == null) {
            record.sent();
        }
    }

    @Override
    public void sendRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
        sendBegins();
        channel.sendRequest(message, content, context);
    }

    @Override
    public boolean isRepeatable() {
        return content == null || content.isRepeatable();
    }

    @Override
    public int available() {
        return content == null ? 0 : content.available();
    }

    @Override
    public void produce(DataStreamChannel channel) throws IOException {
        if (content != null) {
            content.produce(channel);
        }
    }

    @Override
    public void failed(Exception reportedWithTheResponse) {
        releaseResources();
    }

    @Override
    public void releaseResources() {
        if (content != null) {
            content.releaseResources();
        }
    }

    /** The response has begun and is passed on: neither the head nor the content of the request is sent again. */
    void responseBegan() {
        if (content != null) {
            content.responseBegan();
        }
        // A try that was given up may still be sent at this moment: then its head is bare.
        message.setHeaders();
    }

    boolean sendsNoMore() {
        return sending.isOver();
    }

    /** @param client whether it is the client that holds the sending up */
    boolean isLate(Deadlines deadlines, long now, boolean client) {
        if (received.hasBegun()) {
            return deadlines.upstreamIdle(now);
        }
        return sending.isWhole() ? deadlines.firstByteOverdue(now) : !client && deadlines.upstreamIdle(now);
    }

    /** Gives up what is waited for too long, unless the response is passed on. */
    void check(Predicate<Waiting> late, Failure failure) {
        // What is waited for is read before the clock is, which it moves.
        if (state.phase().keepsFailure()) {
            if (late.test(Waiting.REST)) {
                on(Event.REST_MISSING, failure);
            }
        } else if (late.test(Waiting.RESPONSE)) {
            on(Event.TIMED_OUT, failure);
        }
    }

    void cancel() {
        state.on(Event.CANCEL);
    }

    @Override
    public void head(ResponseHead head, Flow flow) {
        head.field("request-id").ifPresent(record::requestId);
        var begins = begins(head);
        boolean looks = begins == Event.HEAD_UNSURE || begins == Event.HEAD_UNPROVEN;
        // That of a coded stream is not read.
        boolean unread = begins == Event.HEAD_FINAL && head.eventStream() && tries.hasUnproven();
        var begun = new TriedResponse(head, flow, looks || unread ? new FirstEvent() : null);
        if (begins == Event.HEAD_REFUSED || begins == Event.HEAD_FAILED) {
            begun.failed(head.status());
        }
        response = begun;
        state.on(begins);
    }

    private Event begins(ResponseHead head) {
        if (tries.keepsBack(head.status())) {
            return Tries.isRefusal(head.status()) ? Event.HEAD_REFUSED : Event.HEAD_FAILED;
        }
        if (!head.eventStream()) {
            return head.isUnusable() ? Event.HEAD_FINAL : Event.HEAD_WHOLE;
        }
        if (head.isReadableStream() && tries.anotherMayTakeOver()) {
            return Event.HEAD_UNSURE;
        }
        return head.isReadableStream() && tries.hasUnproven() ? Event.HEAD_UNPROVEN : Event.HEAD_FINAL;
    }

    @Override
    public void piece(byte[] bytes, int read) {
        if (bytes.length > 0 && state.phase() == TryPhase.HOLDING) {
            state.on(Event.BYTE);
        }
        var phase = state.phase();
        switch (phase) {
            case HOLDING, LOOKING, KEEPING, ERROR_SEEN, REFUSED -> hold(phase, bytes, read);
            case WATCHING -> {
                if (response().look(bytes)) {
                    state.on(Event.FIRST_EVENT);
                }
                client.piece(bytes, read);
            }
            case PASSING -> client.piece(bytes, read);
            default -> {}
        }
    }

    private void hold(TryPhase phase, byte[] bytes, int read) {
        var held = response();
        boolean fits = held.hold(bytes, read);
        if (phase == TryPhase.LOOKING && held.look(bytes)) {
            state.on(first(held));
        }
        if (!fits) {
            state.on(Event.FULL);
        }
    }

    private Event first(TriedResponse held) {
        int status = held.eventStatus();
        if (status == 0 || !tries.keepsBack(status)) {
            return Event.FIRST_EVENT;
        }
        held.failed(status);
        return Tries.isRefusal(status) ? Event.REFUSAL_EVENT : Event.ERROR_EVENT;
    }

    @Override
    public void end() {
        var begun = response;
        if (begun != null) {
            begun.end();
        }
        state.on(Event.END);
    }

    @Override
    public void failed(Failure failure) {
        on(Event.FAILED, failure);
    }

    private void on(Event event, Failure failure) {
        state.on(event, action -> act(action, failure));
    }

    private void act(Action action, @Nullable Failure failure) {
        switch (action) {
            case BEGIN -> tries.passes();
            case JUDGE -> {
                if (use != null) {
                    tries.judged(use, response().outcome());
                }
            }
            case DOUBT -> tries.judged(use(), new Outcome.Unknown());
            case PASS -> response().passTo(client);
            // A stream may go on for an hour.
            case FORGET -> response = null;
            case PASS_END -> client.end();
            case STOP -> stop();
            case REPORT -> tries.keptBack(use(), kept());
            case REPORT_REFUSAL -> tries.refused(this, kept());
            case PASS_FAILURE -> client.failed(Objects.requireNonNull(failure));
            case REPORT_LOSS, REPORT_BREAK, REPORT_TIMEOUT -> {
                var cause = Objects.requireNonNull(failure);
                tries.failed(use, outcome(action, cause), cause);
            }
        }
    }

    private void stop() {
        record.cancelled();
        if (content != null) {
            content.giveUp();
        }
        cancellation.cancel();
    }

    private Outcome outcome(Action action, Failure failure) {
        return switch (action) {
            case REPORT_BREAK -> response().outcome();
            case REPORT_TIMEOUT -> new Outcome.TimedOut();
            default -> failure.lost() && !sendBegan ? new Outcome.Unreachable() : new Outcome.Lost();
        };
    }

    private TriedResponse kept() {
        var kept = response();
        kept.end();
        return kept;
    }

    private TriedResponse response() {
        return Objects.requireNonNull(response);
    }
}
