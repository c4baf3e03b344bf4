package dev.warder.exchange;

import dev.warder.exchange.down.ResponsePhase;
import dev.warder.exchange.up.UploadPhase;
import dev.warder.state.StateMachine;
import java.util.ArrayList;
import java.util.List;

/**
 * The phases of an exchange from the side of its response. A pure table: a phase and an event give the next phase and the
 * actions to run. {@link UploadPhase} has the way of the request, {@link ResponsePhase} what the container has of the
 * response. The package's page has the diagram.
 */
enum ExchangePhase implements StateMachine.Phase<ExchangePhase, ExchangePhase.Event, ExchangePhase.Action> {
    /** No response has come. */
    WAITING,
    /** The upstream's response is passed on as it comes. */
    RESPONDING,
    /** The upstream has sent the whole response; its translation may take a while. */
    RECEIVED,
    /** The client's whole response is queued. */
    COMPLETE,
    /** The same; the message is whole, and the upstream has not ended its response. */
    AHEAD,
    /** The client has its whole response: the end of the upstream's is awaited, so that its connection can be used again. */
    TRAILING,
    /** It has failed: an error is sent as far as that is possible, or the response is broken off. */
    FAILING,
    /** The error response is queued; what the client still sends of its request is read and dropped. */
    LINGERING,
    /** There was a fault: what is queued is still sent, nothing else is waited for. */
    CLOSING,
    /** The container has ended the request without being asked to; the timer ends the exchange. */
    RETURNED,
    /** The request was returned to its container. */
    ENDED;

    /** Events. */
    enum Event {
        /** The head of the upstream's response has come. */
        RESPONSE,
        /** The upstream has sent the whole response. */
        UPSTREAM_ENDED,
        /** The end of the client's response is about to be queued. */
        COMPLETED,
        /** The request is refused, or no response comes, or it does not go on. */
        FAILED,
        /** An error response was queued. */
        ERROR_QUEUED,
        /** Something was thrown that nothing provides for. */
        FAULT,
        /** The container has ended the request without being asked to. */
        ENDED_BY_CONTAINER,
        /** The response was given to the container to its last byte. */
        SENT,
        /** The client cannot be reached any more. */
        CLIENT_GONE,
        /** The client or the operator is not waited for any longer. */
        ABANDONED,
        /** The handling of a fault has failed too. */
        BROKEN,
        /** The container accepts no listener. */
        NOT_LISTENING
    }

    /** Actions, run one after the other and without a lock. */
    enum Action {
        /** Cancels the request and sends the error, or breaks off a response that has begun. */
        FAIL,
        /** Reads and drops the rest of the request, then ends the response. */
        DROP_REST,
        /** Ends the response after what is queued. */
        END_RESPONSE,
        /** The same if it has begun; a response that has not begun is broken off. */
        END_OR_BREAK,
        /** Responds in one step, if possible, to a client that may still listen. */
        LAST_WORD,
        /** Sets the status of an error without content. */
        BARE_ERROR,
        /** A response that has begun is to be seen as incomplete. */
        BREAK_BEGUN,
        /** The response is to be seen as incomplete, begun or not. */
        BREAK,
        /** Ends the record, and with it the request's place in limits. */
        END_RECORD,
        /** Releases everything, returns the request to its container and ends the record. */
        END
    }

    @Override
    public StateMachine.Step<ExchangePhase, Action> on(Event event) {
        return switch (event) {
            case RESPONSE -> this == WAITING ? to(RESPONDING) : stay();
            case UPSTREAM_ENDED -> upstreamEnded();
            case COMPLETED -> this == RECEIVED ? to(COMPLETE) : this == RESPONDING ? to(AHEAD) : stay();
            case FAILED -> isOpen() ? to(FAILING, Action.FAIL) : stay();
            case ERROR_QUEUED -> errorQueued();
            case FAULT -> fault();
            case ENDED_BY_CONTAINER -> this == ENDED ? stay() : to(RETURNED);
            case SENT -> this == AHEAD ? to(TRAILING, Action.END_RECORD) : end();
            case CLIENT_GONE -> end(Action.LAST_WORD);
            case ABANDONED -> end(Action.BREAK_BEGUN);
            case BROKEN -> end(Action.BREAK);
            case NOT_LISTENING -> end(Action.BARE_ERROR);
        };
    }

    /** Whether nothing has failed, and there is something to do. */
    boolean isOpen() {
        return this == WAITING || this == RESPONDING || hasReceived();
    }

    /** Whether the upstream has sent the whole response, or the last event of a stream, and nothing has failed. */
    boolean hasReceived() {
        return this == RECEIVED || isComplete();
    }

    /** Whether the client's whole response is queued. */
    boolean isComplete() {
        return this == COMPLETE || this == AHEAD;
    }

    private StateMachine.Step<ExchangePhase, Action> upstreamEnded() {
        return switch (this) {
            case RESPONDING -> to(RECEIVED);
            case AHEAD -> to(COMPLETE);
            case TRAILING -> end();
            default -> stay();
        };
    }

    private StateMachine.Step<ExchangePhase, Action> errorQueued() {
        return switch (this) {
            case FAILING -> to(LINGERING, Action.DROP_REST);
            // Reading the rest may be what fails.
            case CLOSING -> to(CLOSING, Action.DROP_REST, Action.END_RESPONSE);
            default -> stay();
        };
    }

    private StateMachine.Step<ExchangePhase, Action> fault() {
        return switch (this) {
            case WAITING, RESPONDING, RECEIVED, COMPLETE, AHEAD -> to(CLOSING, Action.FAIL);
            case FAILING, LINGERING -> to(CLOSING, Action.END_OR_BREAK);
            case TRAILING, CLOSING, RETURNED, ENDED -> end(Action.BREAK);
        };
    }

    /** Where the request was returned to the container, nothing of the response is used. */
    private StateMachine.Step<ExchangePhase, Action> end(Action... before) {
        if (this == ENDED) {
            return stay();
        }
        var actions = new ArrayList<Action>(2);
        if (this != RETURNED && this != TRAILING) {
            actions.addAll(List.of(before));
        }
        actions.add(Action.END);
        return new StateMachine.Step<>(ENDED, actions);
    }

    private StateMachine.Step<ExchangePhase, Action> stay() {
        return new StateMachine.Step<>(this, List.of());
    }

    private static StateMachine.Step<ExchangePhase, Action> to(ExchangePhase next, Action... actions) {
        return new StateMachine.Step<>(next, List.of(actions));
    }
}
