package dev.warder.exchange.down;

import static dev.warder.container.StateMachine.Step.to;

import dev.warder.container.StateMachine;

/**
 * The phases of a response between this application and its container. A pure table; {@link ResponseOutput} does what is to
 * be done under the relay's lock. The package's page has the diagram.
 */
public enum ResponsePhase implements StateMachine.Phase<ResponsePhase, ResponsePhase.Event, ResponsePhase.Action> {
    UNBEGUN,
    BEGUN,
    /** The same after content was lost: the client is to see, whatever follows, that the response is incomplete. */
    SPOILED,
    ENDING,
    BREAKING,
    CLOSED;

    /** Events. */
    public enum Event {
        HEAD,
        STREAM_HEAD,
        END,
        CUT_OFF,
        BREAK_BEGUN,
        BREAK,
        CLOSE
    }

    /** Actions. */
    enum Action {
        FLUSH,
        COMPLETE,
        BREAK_OFF
    }

    /** The next thing that the client waits for. */
    enum Work {
        NONE,
        WRITE,
        FLUSH,
        END
    }

    private static final StateMachine.Table<ResponsePhase, Event, Action> TABLE =
            new StateMachine.Table<>(values(), Event.values(), ResponsePhase::row);

    @Override
    public StateMachine.Step<ResponsePhase, Action> on(Event event) {
        return TABLE.row(this, event);
    }

    private StateMachine.Step<ResponsePhase, Action> row(Event event) {
        return switch (event) {
            case HEAD -> this == UNBEGUN ? to(BEGUN) : to(this);
            // The head goes out at once, however long the first event takes.
            case STREAM_HEAD -> this == UNBEGUN ? to(BEGUN, Action.FLUSH) : to(this);
            case END -> end();
            case CUT_OFF -> cutOff();
            case BREAK_BEGUN -> this == UNBEGUN ? to(this) : spoil();
            case BREAK -> this == UNBEGUN ? to(BREAKING) : spoil();
            case CLOSE -> close();
        };
    }

    /**
     * The work to do next.
     *
     * @param queued whether content is queued
     * @param flushDue whether something was written after the last flush
     */
    Work work(boolean queued, boolean flushDue) {
        if (this == CLOSED) {
            return Work.NONE;
        }
        if (queued) {
            return Work.WRITE;
        }
        return switch (this) {
            case ENDING -> Work.END;
            case BREAKING -> flushDue ? Work.FLUSH : Work.END;
            default -> flushDue ? Work.FLUSH : Work.NONE;
        };
    }

    boolean takesContent() {
        return this == BEGUN || this == SPOILED;
    }

    private StateMachine.Step<ResponsePhase, Action> end() {
        return switch (this) {
            case BEGUN -> to(ENDING);
            case UNBEGUN, SPOILED -> to(BREAKING);
            case ENDING, BREAKING, CLOSED -> to(this);
        };
    }

    /** A head that was not sent yet would be replaced by the container's own page. */
    private StateMachine.Step<ResponsePhase, Action> cutOff() {
        return switch (this) {
            case BEGUN, SPOILED -> to(BREAKING, Action.FLUSH);
            case UNBEGUN, ENDING -> to(BREAKING);
            case BREAKING, CLOSED -> to(this);
        };
    }

    private StateMachine.Step<ResponsePhase, Action> spoil() {
        return switch (this) {
            case BEGUN -> to(SPOILED);
            case ENDING -> to(BREAKING);
            default -> to(this);
        };
    }

    private StateMachine.Step<ResponsePhase, Action> close() {
        return switch (this) {
            case UNBEGUN, BEGUN, ENDING -> to(CLOSED, Action.COMPLETE);
            case SPOILED, BREAKING -> to(CLOSED, Action.BREAK_OFF);
            case CLOSED -> to(this);
        };
    }
}
