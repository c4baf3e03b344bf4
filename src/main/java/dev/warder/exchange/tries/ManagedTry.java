package dev.warder.exchange.tries;

import dev.warder.credential.CredentialUse;
import dev.warder.credential.Outcome;
import dev.warder.credential.UpstreamCredential;
import dev.warder.exchange.down.Failure;
import dev.warder.exchange.down.Flow;
import dev.warder.exchange.down.ResponseHead;
import dev.warder.exchange.down.ResponseSink;
import dev.warder.exchange.tries.TryPhase.Action;
import dev.warder.exchange.tries.TryPhase.Event;
import dev.warder.record.UsedCredential;
import dev.warder.state.Cancellation;
import dev.warder.state.StateMachine;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One managed credential at work for one request: passes its response on, or keeps it back while another credential could
 * bring a better one, and reports it once it is known whole. {@link TryPhase} has the states.
 *
 * <p>Responses come on reactor threads, one event at a time; a failure, {@link #check} and {@link #cancel} on any.
 */
public final class ManagedTry implements ResponseSink {
    /** The outcome of a try. */
    interface Events {
        void refused(ManagedTry from, TriedResponse response);

        void keptBack(ManagedTry from, TriedResponse response);

        void failed(ManagedTry from, Outcome outcome, Failure failure);

        void passedOn();
    }

    private final CredentialUse use;
    private final UpstreamCredential credential;
    private final FailoverRule rule;
    private final ResponseSink client;
    private final Events events;
    private final Cancellation cancellation = new Cancellation();
    private final StateMachine<TryPhase, Event, Action> state =
            new StateMachine<>(TryPhase.WAITING, action -> act(action, null));

    /** Set before the request is sent. */
    private @Nullable SentTry sent;

    /** Written by the reactor's thread, before the event after which another thread may use it; null before the head. */
    private @Nullable TriedResponse response;

    ManagedTry(
            CredentialUse use, UpstreamCredential credential, FailoverRule rule, ResponseSink client, Events events) {
        this.use = use;
        this.credential = credential;
        this.rule = rule;
        this.client = client;
        this.events = events;
    }

    CredentialUse use() {
        return use;
    }

    public UpstreamCredential credential() {
        return credential;
    }

    public UsedCredential named() {
        return LastResult.named(use);
    }

    public void sends(SentTry begun) {
        sent = begun;
        cancellation.add(begun::cancel);
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
        var begins = begins(head);
        boolean looks = begins == Event.HEAD_UNSURE || begins == Event.HEAD_UNPROVEN;
        // That of a coded stream is not read.
        boolean unread = begins == Event.HEAD_FINAL && head.eventStream() && rule.hasUnproven();
        var begun = new TriedResponse(head, flow, looks || unread ? new FirstEvent() : null);
        if (begins == Event.HEAD_REFUSED || begins == Event.HEAD_FAILED) {
            begun.failed(head.status());
        }
        response = begun;
        state.on(begins);
    }

    private Event begins(ResponseHead head) {
        if (rule.keepsBack(head.status())) {
            return FailoverRule.isRefusal(head.status()) ? Event.HEAD_REFUSED : Event.HEAD_FAILED;
        }
        if (!head.eventStream()) {
            return head.isUnusable() ? Event.HEAD_FINAL : Event.HEAD_WHOLE;
        }
        if (head.isReadableStream() && rule.anotherMayTakeOver()) {
            return Event.HEAD_UNSURE;
        }
        return head.isReadableStream() && rule.hasUnproven() ? Event.HEAD_UNPROVEN : Event.HEAD_FINAL;
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
        if (status == 0 || !rule.keepsBack(status)) {
            return Event.FIRST_EVENT;
        }
        held.failed(status);
        return FailoverRule.isRefusal(status) ? Event.REFUSAL_EVENT : Event.ERROR_EVENT;
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
            case BEGIN -> events.passedOn();
            case JUDGE -> rule.judged(use, response().outcome());
            case DOUBT -> rule.judged(use, new Outcome.Unknown());
            case PASS -> response().passTo(client);
            // A stream may go on for an hour.
            case FORGET -> response = null;
            case PASS_END -> client.end();
            case STOP -> cancellation.cancel();
            case REPORT -> events.keptBack(this, kept());
            case REPORT_REFUSAL -> events.refused(this, kept());
            default -> fail(action, Objects.requireNonNull(failure));
        }
    }

    private void fail(Action action, Failure failure) {
        if (action == Action.PASS_FAILURE) {
            client.failed(failure);
        } else {
            events.failed(this, failed(action, failure), failure);
        }
    }

    private Outcome failed(Action action, Failure failure) {
        return switch (action) {
            case REPORT_BREAK -> response().outcome();
            case REPORT_TIMEOUT -> new Outcome.TimedOut();
            default ->
                failure.lost() && sent != null && !sent.hasBegun() ? new Outcome.Unreachable() : new Outcome.Lost();
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

    /** The waits of one request that can become too long. */
    public enum Waiting {
        VALUE,
        RESPONSE,
        REST
    }
}
