package dev.warder.exchange.tries;

import static dev.warder.container.StateMachine.Step.to;

import dev.warder.container.StateMachine;

/**
 * The phases of one try: its response is kept back while another credential could bring a better one. A pure table; the
 * package's page has the diagram.
 */
enum TryPhase implements StateMachine.Phase<TryPhase, TryPhase.Event, TryPhase.Action> {
    WAITING,
    /** A whole response is kept back until its first byte. */
    HOLDING,
    LOOKING,
    /** A failed response is kept back until its end. */
    KEEPING,
    /** A stream is kept back whose first event is an error: what follows it is of no use. */
    ERROR_SEEN,
    /** The credential was refused: the content of the response is of no use. */
    REFUSED,
    /** An event stream is passed on whose first event will show what it is. */
    WATCHING,
    PASSING,
    COMPLETE,
    /** The try has ended without a response that was passed on, or was cancelled. */
    OVER;

    /** Events. */
    enum Event {
        /** A head with status 401. */
        HEAD_REFUSED,
        /** The head of a failed response that another credential may do better. */
        HEAD_FAILED,
        HEAD_WHOLE,
        /** The head of an event stream that another credential may do better. */
        HEAD_UNSURE,
        /** The head of an event stream that is passed on and not judged yet. */
        HEAD_UNPROVEN,
        /** The head of a response that is passed on and judged at once. */
        HEAD_FINAL,
        /** A byte of the content. */
        BYTE,
        FULL,
        FIRST_EVENT,
        /** A first event that is an error, which another credential may do better. */
        ERROR_EVENT,
        /** A first event that stands for status 401. */
        REFUSAL_EVENT,
        END,
        FAILED,
        REST_MISSING,
        /** The first byte of a response does not come in time. */
        TIMED_OUT,
        CANCEL
    }

    /** Actions, run one after the other and without a lock. */
    enum Action {
        BEGIN,
        JUDGE,
        DOUBT,
        PASS,
        FORGET,
        PASS_END,
        /** Passes the failure on. */
        PASS_FAILURE,
        STOP,
        /** Reports the failed response that was kept back. */
        REPORT,
        /** Reports that the credential was refused. */
        REPORT_REFUSAL,
        /** Reports a failure without a response. */
        REPORT_LOSS,
        /** Reports a failure after the head of a failed response. */
        REPORT_BREAK,
        REPORT_TIMEOUT
    }

    private static final StateMachine.Table<TryPhase, Event, Action> TABLE =
            new StateMachine.Table<>(values(), Event.values(), TryPhase::row);

    @Override
    public StateMachine.Step<TryPhase, Action> on(Event event) {
        return TABLE.row(this, event);
    }

    private StateMachine.Step<TryPhase, Action> row(Event event) {
        if (event == Event.CANCEL) {
            return this == OVER ? to(this) : to(OVER, Action.STOP);
        }
        return switch (this) {
            case WAITING -> waiting(event);
            case HOLDING -> holding(event);
            case LOOKING -> looking(event);
            case KEEPING, ERROR_SEEN, REFUSED -> keeping(event);
            case WATCHING, PASSING -> passing(event);
            case COMPLETE, OVER -> to(this);
        };
    }

    boolean keepsFailure() {
        return this == KEEPING || this == ERROR_SEEN || this == REFUSED;
    }

    private StateMachine.Step<TryPhase, Action> waiting(Event event) {
        return switch (event) {
            case HEAD_REFUSED -> to(REFUSED);
            case HEAD_FAILED -> to(KEEPING);
            case HEAD_WHOLE -> to(HOLDING);
            case HEAD_UNSURE -> to(LOOKING);
            case HEAD_UNPROVEN -> to(WATCHING, Action.BEGIN, Action.PASS);
            case HEAD_FINAL -> passOn(PASSING);
            default -> waitingForResponse(event);
        };
    }

    private StateMachine.Step<TryPhase, Action> holding(Event event) {
        return switch (event) {
            case BYTE -> passOn(PASSING);
            case END -> passOn(COMPLETE);
            default -> waitingForResponse(event);
        };
    }

    private StateMachine.Step<TryPhase, Action> looking(Event event) {
        return switch (event) {
            case FIRST_EVENT, FULL -> passOn(PASSING);
            case ERROR_EVENT -> to(ERROR_SEEN);
            case REFUSAL_EVENT -> to(REFUSED);
            case END -> passOn(COMPLETE);
            default -> waitingForResponse(event);
        };
    }

    private StateMachine.Step<TryPhase, Action> waitingForResponse(Event event) {
        return switch (event) {
            case FAILED -> to(OVER, Action.STOP, Action.REPORT_LOSS);
            case TIMED_OUT -> to(OVER, Action.STOP, Action.REPORT_TIMEOUT);
            default -> to(this);
        };
    }

    private StateMachine.Step<TryPhase, Action> keeping(Event event) {
        return switch (event) {
            case FULL -> this == REFUSED ? report() : passOn(PASSING);
            case END -> report();
            case FAILED, REST_MISSING -> this == KEEPING ? to(OVER, Action.STOP, Action.REPORT_BREAK) : report();
            default -> to(this);
        };
    }

    private StateMachine.Step<TryPhase, Action> passing(Event event) {
        boolean judged = this == PASSING;
        return switch (event) {
            case FIRST_EVENT -> judged ? to(this) : to(PASSING, Action.JUDGE, Action.FORGET);
            case END -> judged ? to(COMPLETE, Action.PASS_END) : to(COMPLETE, Action.DOUBT, Action.PASS_END);
            case FAILED -> judged ? to(COMPLETE, Action.PASS_FAILURE) : to(COMPLETE, Action.DOUBT, Action.PASS_FAILURE);
            default -> to(this);
        };
    }

    /** The judgement comes first: a client that sees the response may send its next request at once. */
    private static StateMachine.Step<TryPhase, Action> passOn(TryPhase next) {
        return to(next, Action.BEGIN, Action.JUDGE, Action.PASS, Action.FORGET);
    }

    private StateMachine.Step<TryPhase, Action> report() {
        return to(OVER, Action.STOP, this == REFUSED ? Action.REPORT_REFUSAL : Action.REPORT);
    }
}
