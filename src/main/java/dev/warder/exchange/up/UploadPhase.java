package dev.warder.exchange.up;

import dev.warder.state.StateMachine;
import java.util.List;

/**
 * The phases of a request on its way up. A pure table: a phase and an event give the next phase and the actions to run. The
 * package's page has the diagram.
 */
public enum UploadPhase implements StateMachine.Phase<UploadPhase, UploadPhase.Event, UploadPhase.Action> {
    /** Nothing has begun. */
    CREATED,
    /** A gate that needs no body may still decide; the body is not read and no memory is charged. */
    AT_HEAD_GATES,
    /** A collected body is read, decoded and translated. */
    OPENED,
    /** The body is known; a gate that needs it may still decide. */
    AT_BODY_GATES,
    /** The request goes up, perhaps several times. */
    SENDING,
    /** The response is passed on; the last try may still send the body. */
    RESPONDING,
    /** The response is passed on, and no part of the body is needed. */
    SENT,
    /** It is over. */
    ENDED,
    /** It was over before it began. */
    NEVER_STARTED;

    /** Events. */
    public enum Event {
        /** The container's thread begins. */
        STARTED,
        /** The gates of this phase have granted. */
        ADMITTED,
        /** A collected body is whole, checked and translated. */
        PREPARED,
        /** A request whose body is not collected may be sent. */
        READY,
        /** The response is passed on: the request is not sent again. */
        RESPONSE,
        /** The last try sends no further part of the body. */
        NO_MORE,
        /** The exchange needs the request no longer. */
        END
    }

    /** Actions, run one after the other and without a lock. */
    public enum Action {
        /** Reads the body, or prepares the request that has none. */
        OPEN,
        /** Asks the gates that need the body. */
        ASK,
        /** Sends the request. */
        SEND,
        /** Checks whether the last try still sends the body. */
        CHECK,
        /** Withdraws from the gates. */
        WITHDRAW,
        /** Stops reading and drops the body. */
        CLOSE,
        /** Cancels the tries. */
        ABORT,
        /** Gives back the memory of the body. */
        RELEASE
    }

    private static final List<Action> END_BEFORE_SENDING = List.of(Action.WITHDRAW, Action.CLOSE, Action.RELEASE);
    private static final List<Action> END_OF_SENDING = List.of(Action.CLOSE, Action.ABORT, Action.RELEASE);

    @Override
    public StateMachine.Step<UploadPhase, Action> on(Event event) {
        if (event == Event.END) {
            return end();
        }
        return switch (this) {
            case CREATED -> event == Event.STARTED ? to(AT_HEAD_GATES) : stay();
            case AT_HEAD_GATES -> event == Event.ADMITTED ? to(OPENED, Action.OPEN) : stay();
            case OPENED ->
                switch (event) {
                    case PREPARED -> to(AT_BODY_GATES, Action.ASK);
                    case READY -> to(SENDING, Action.SEND);
                    default -> stay();
                };
            case AT_BODY_GATES -> event == Event.ADMITTED ? to(SENDING, Action.SEND) : stay();
            case SENDING -> event == Event.RESPONSE ? to(RESPONDING, Action.CHECK) : stay();
            case RESPONDING -> event == Event.NO_MORE ? to(SENT, Action.RELEASE) : stay();
            case SENT, ENDED, NEVER_STARTED -> stay();
        };
    }

    /** Whether the container's thread has begun. */
    public boolean hasStarted() {
        return this != CREATED && this != NEVER_STARTED;
    }

    /** Whether the body may be read, or was. */
    public boolean isOpen() {
        return hasStarted() && this != AT_HEAD_GATES;
    }

    private StateMachine.Step<UploadPhase, Action> end() {
        return switch (this) {
            case CREATED -> new StateMachine.Step<>(NEVER_STARTED, END_BEFORE_SENDING);
            case AT_HEAD_GATES, OPENED, AT_BODY_GATES -> new StateMachine.Step<>(ENDED, END_BEFORE_SENDING);
            case SENDING, RESPONDING -> new StateMachine.Step<>(ENDED, END_OF_SENDING);
            case SENT -> new StateMachine.Step<>(ENDED, List.of(Action.CLOSE, Action.ABORT));
            case ENDED, NEVER_STARTED -> stay();
        };
    }

    private StateMachine.Step<UploadPhase, Action> stay() {
        return new StateMachine.Step<>(this, List.of());
    }

    private static StateMachine.Step<UploadPhase, Action> to(UploadPhase next, Action... actions) {
        return new StateMachine.Step<>(next, List.of(actions));
    }
}
