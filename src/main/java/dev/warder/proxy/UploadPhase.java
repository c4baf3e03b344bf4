package dev.warder.proxy;

import java.util.List;

/**
 * The phases of a request on its way up. A pure table: a phase and an event give the next phase and the actions to run. The
 * package's page has the diagram.
 */
enum UploadPhase {
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
    ENDED;

    /** What happens. */
    enum Event {
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

    /** What is to be done, one after the other and without a lock. */
    enum Action {
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

    /** The result of an event. */
    record Step(UploadPhase next, List<Action> actions) {}

    private static final List<Action> END_BEFORE_SENDING = List.of(Action.WITHDRAW, Action.CLOSE, Action.RELEASE);
    private static final List<Action> END_OF_SENDING = List.of(Action.CLOSE, Action.ABORT, Action.RELEASE);

    /** The step for an event; an event that does not belong to this phase changes nothing. */
    Step on(Event event) {
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
            case SENT, ENDED -> stay();
        };
    }

    /** Whether the body may be read, or was. */
    boolean isOpen() {
        return this != CREATED && this != AT_HEAD_GATES;
    }

    private Step end() {
        return switch (this) {
            case CREATED, AT_HEAD_GATES, OPENED, AT_BODY_GATES -> new Step(ENDED, END_BEFORE_SENDING);
            case SENDING, RESPONDING -> new Step(ENDED, END_OF_SENDING);
            case SENT -> new Step(ENDED, List.of(Action.CLOSE, Action.ABORT));
            case ENDED -> stay();
        };
    }

    private Step stay() {
        return new Step(this, List.of());
    }

    private static Step to(UploadPhase next, Action... actions) {
        return new Step(next, List.of(actions));
    }
}
