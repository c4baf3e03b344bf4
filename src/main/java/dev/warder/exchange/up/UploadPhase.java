package dev.warder.exchange.up;

import static dev.warder.container.StateMachine.Step.to;

import dev.warder.container.StateMachine;

/**
 * The phases of a request on its way up. A pure table: a phase and an event give the next phase and the actions to run. The
 * package's page has the diagram.
 */
public enum UploadPhase implements StateMachine.Phase<UploadPhase, UploadPhase.Event, UploadPhase.Action> {
    CREATED,
    /** A gate that needs no body may still decide; the body is not read and no memory is charged. */
    AT_HEAD_GATES,
    OPENED,
    AT_BODY_GATES,
    SENDING,
    RESPONDING,
    SENT,
    ENDED,
    NEVER_STARTED;

    /** Events. */
    public enum Event {
        /** The container's thread begins. */
        STARTED,
        ADMITTED,
        PREPARED,
        READY,
        RESPONSE,
        NO_MORE,
        END
    }

    /** Actions, run one after the other and without a lock. */
    public enum Action {
        OPEN,
        ASK,
        SEND,
        CHECK,
        WITHDRAW,
        CLOSE,
        ABORT,
        RELEASE
    }

    private static final StateMachine.Table<UploadPhase, Event, Action> TABLE =
            new StateMachine.Table<>(values(), Event.values(), UploadPhase::row);

    @Override
    public StateMachine.Step<UploadPhase, Action> on(Event event) {
        return TABLE.row(this, event);
    }

    private StateMachine.Step<UploadPhase, Action> row(Event event) {
        if (event == Event.END) {
            return end();
        }
        return switch (this) {
            case CREATED -> event == Event.STARTED ? to(AT_HEAD_GATES) : to(this);
            case AT_HEAD_GATES -> event == Event.ADMITTED ? to(OPENED, Action.OPEN) : to(this);
            case OPENED ->
                switch (event) {
                    case PREPARED -> to(AT_BODY_GATES, Action.ASK);
                    case READY -> to(SENDING, Action.SEND);
                    default -> to(this);
                };
            case AT_BODY_GATES -> event == Event.ADMITTED ? to(SENDING, Action.SEND) : to(this);
            case SENDING -> event == Event.RESPONSE ? to(RESPONDING, Action.CHECK) : to(this);
            case RESPONDING -> event == Event.NO_MORE ? to(SENT, Action.RELEASE) : to(this);
            case SENT, ENDED, NEVER_STARTED -> to(this);
        };
    }

    /** Whether the container's thread has begun. */
    public boolean hasStarted() {
        return this != CREATED && this != NEVER_STARTED;
    }

    public boolean isOpen() {
        return hasStarted() && this != AT_HEAD_GATES;
    }

    private StateMachine.Step<UploadPhase, Action> end() {
        return switch (this) {
            case CREATED -> to(NEVER_STARTED, Action.WITHDRAW, Action.CLOSE, Action.RELEASE);
            case AT_HEAD_GATES, OPENED, AT_BODY_GATES -> to(ENDED, Action.WITHDRAW, Action.CLOSE, Action.RELEASE);
            case SENDING, RESPONDING -> to(ENDED, Action.CLOSE, Action.ABORT, Action.RELEASE);
            case SENT -> to(ENDED, Action.CLOSE, Action.ABORT);
            case ENDED, NEVER_STARTED -> to(this);
        };
    }
}
