package dev.warder.exchange.tries;

import static dev.warder.container.StateMachine.Step.to;

import dev.warder.container.StateMachine;

/** The phases of the tries of one request with the managed credentials. A pure table; the package's page has the diagram. */
enum TriesPhase implements StateMachine.Phase<TriesPhase, TriesPhase.Event, TriesPhase.Action> {
    CREATED,
    CHOOSING,
    AWAITING,
    TRYING,
    PASSED,
    ENDED;

    /** Events. */
    enum Event {
        STARTED,
        CHOSEN,
        NONE_LEFT,
        VALUE,
        NO_VALUE,
        /** The try has failed. */
        FAILED,
        /** The value was refused, and the credential can be renewed. */
        RENEWABLE,
        PASSED_ON,
        ABORTED
    }

    /** Actions, run one after the other. */
    enum Action {
        CHOOSE,
        ASK,
        /** Asks for a value in place of the one that was refused. */
        RENEW,
        SEND,
        /** Forgets what only another try would need. */
        FORGET,
        /** Gives the client the last response, or else the last failure. */
        GIVE_LAST,
        END_USE,
        /** Reports to the pool that the request is over, and gives the replay back. */
        CLOSE,
        CANCEL
    }

    private static final StateMachine.Table<TriesPhase, Event, Action> TABLE =
            new StateMachine.Table<>(values(), Event.values(), TriesPhase::row);

    @Override
    public StateMachine.Step<TriesPhase, Action> on(Event event) {
        return TABLE.row(this, event);
    }

    private StateMachine.Step<TriesPhase, Action> row(Event event) {
        if (event == Event.ABORTED) {
            return abort();
        }
        return switch (this) {
            case CREATED -> event == Event.STARTED ? to(CHOOSING, Action.CHOOSE) : to(this);
            case CHOOSING ->
                switch (event) {
                    case CHOSEN -> to(AWAITING, Action.ASK);
                    case NONE_LEFT -> to(ENDED, Action.CLOSE, Action.GIVE_LAST);
                    default -> to(this);
                };
            case AWAITING ->
                switch (event) {
                    case VALUE -> to(TRYING, Action.SEND);
                    case NO_VALUE -> to(CHOOSING, Action.CHOOSE);
                    default -> to(this);
                };
            case TRYING ->
                switch (event) {
                    case FAILED -> to(CHOOSING, Action.CHOOSE);
                    case RENEWABLE -> to(AWAITING, Action.RENEW);
                    case PASSED_ON -> to(PASSED, Action.FORGET);
                    default -> to(this);
                };
            case PASSED, ENDED -> to(this);
        };
    }

    private StateMachine.Step<TriesPhase, Action> abort() {
        return switch (this) {
            case CREATED, CHOOSING -> to(ENDED, Action.CLOSE);
            case AWAITING -> to(ENDED, Action.END_USE, Action.CLOSE);
            case TRYING, PASSED -> to(ENDED, Action.CANCEL, Action.END_USE, Action.CLOSE);
            case ENDED -> to(this);
        };
    }
}
