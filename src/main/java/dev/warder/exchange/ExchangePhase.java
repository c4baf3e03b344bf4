package dev.warder.exchange;

import static dev.warder.container.StateMachine.Step.to;

import dev.warder.container.StateMachine;
import dev.warder.exchange.down.ResponsePhase;
import dev.warder.exchange.up.UploadPhase;

/**
 * The phases of an exchange from the side of its response. A pure table: a phase and an event give the next phase and the
 * actions to run. {@link UploadPhase} has the way of the request, {@link ResponsePhase} what the container has of the
 * response. The package's page has the diagram.
 */
enum ExchangePhase implements StateMachine.Phase<ExchangePhase, ExchangePhase.Event, ExchangePhase.Action> {
    WAITING,
    RESPONDING,
    /** The upstream has sent the whole response; its translation may take a while. */
    RECEIVED,
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
    /** The client has left, and the request was returned to its container. The response is read on for what it costs, and dropped. */
    LEFT,
    /** The container has ended the request without being asked to; the timer ends the exchange. */
    RETURNED,
    ENDED;

    /** Events. */
    enum Event {
        RESPONSE,
        UPSTREAM_ENDED,
        COMPLETED,
        /** The request is refused, or no response comes, or it does not go on. */
        FAILED,
        /** An error response was queued. */
        ERROR_QUEUED,
        /** Something was thrown that nothing provides for. */
        FAULT,
        ENDED_BY_CONTAINER,
        /** The response was given to the container to its last byte. */
        SENT,
        /** The client cannot be reached any more. */
        CLIENT_GONE,
        ABANDONED,
        /** The handling of a fault has failed too. */
        BROKEN,
        NOT_LISTENING
    }

    /** Actions, run one after the other and without a lock. */
    enum Action {
        /** Cancels the request and sends the error, or breaks off a response that has begun. */
        FAIL,
        DROP_REST,
        END_RESPONSE,
        /** The same if it has begun; a response that has not begun is broken off. */
        END_OR_BREAK,
        /** Responds in one step, if possible, to a client that may still listen. */
        LAST_WORD,
        /** Sets the status of an error without content. */
        BARE_ERROR,
        BREAK_BEGUN,
        BREAK,
        /** Returns the request to its container, and reads the response on or ends the exchange. */
        LEAVE,
        END_RECORD,
        END
    }

    private static final StateMachine.Table<ExchangePhase, Event, Action> TABLE =
            new StateMachine.Table<>(values(), Event.values(), ExchangePhase::row);

    @Override
    public StateMachine.Step<ExchangePhase, Action> on(Event event) {
        return TABLE.row(this, event);
    }

    private StateMachine.Step<ExchangePhase, Action> row(Event event) {
        return switch (event) {
            case RESPONSE -> this == WAITING ? to(RESPONDING) : to(this);
            case UPSTREAM_ENDED -> upstreamEnded();
            case COMPLETED -> this == RECEIVED ? to(COMPLETE) : this == RESPONDING ? to(AHEAD) : to(this);
            case FAILED -> isOpen() ? to(FAILING, Action.FAIL) : this == LEFT ? end() : to(this);
            case ERROR_QUEUED -> errorQueued();
            case FAULT -> fault();
            case ENDED_BY_CONTAINER -> this == ENDED || this == LEFT ? to(this) : to(RETURNED);
            case SENT -> this == AHEAD ? to(TRAILING, Action.END_RECORD) : end();
            case CLIENT_GONE -> this == LEFT ? to(this) : leave(Action.LAST_WORD);
            case ABANDONED -> leave(Action.BREAK_BEGUN);
            case BROKEN -> end(Action.BREAK);
            case NOT_LISTENING -> end(Action.BARE_ERROR);
        };
    }

    boolean isOpen() {
        return this == WAITING || this == RESPONDING || hasReceived();
    }

    boolean hasReceived() {
        return this == RECEIVED || isComplete();
    }

    boolean isComplete() {
        return this == COMPLETE || this == AHEAD;
    }

    private StateMachine.Step<ExchangePhase, Action> upstreamEnded() {
        return switch (this) {
            case RESPONDING -> to(RECEIVED);
            case AHEAD -> to(COMPLETE);
            case TRAILING, LEFT -> end();
            default -> to(this);
        };
    }

    private StateMachine.Step<ExchangePhase, Action> errorQueued() {
        return switch (this) {
            case FAILING -> to(LINGERING, Action.DROP_REST);
            // Reading the rest may be what fails.
            case CLOSING -> to(CLOSING, Action.DROP_REST, Action.END_RESPONSE);
            default -> to(this);
        };
    }

    private StateMachine.Step<ExchangePhase, Action> fault() {
        return switch (this) {
            case WAITING, RESPONDING, RECEIVED, COMPLETE, AHEAD -> to(CLOSING, Action.FAIL);
            case FAILING, LINGERING -> to(CLOSING, Action.END_OR_BREAK);
            case TRAILING, CLOSING, LEFT, RETURNED, ENDED -> end(Action.BREAK);
        };
    }

    private StateMachine.Step<ExchangePhase, Action> leave(Action before) {
        boolean isAwaited = this == WAITING || this == RESPONDING || this == RETURNED;
        return isAwaited ? to(LEFT, before, Action.LEAVE) : end(before);
    }

    private StateMachine.Step<ExchangePhase, Action> end(Action before) {
        boolean isClosed = this == TRAILING || this == LEFT || this == RETURNED || this == ENDED;
        return isClosed ? end() : to(ENDED, before, Action.END);
    }

    private StateMachine.Step<ExchangePhase, Action> end() {
        return this == ENDED ? to(this) : to(ENDED, Action.END);
    }
}
