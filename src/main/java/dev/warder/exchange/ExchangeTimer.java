package dev.warder.exchange;

import dev.warder.exchange.ExchangePhase.Event;
import dev.warder.exchange.down.Failure;
import dev.warder.exchange.down.ResponseRelay;
import dev.warder.exchange.up.Deadlines;
import dev.warder.http.ErrorReply;
import dev.warder.record.RequestEnd;
import dev.warder.state.StateMachine;
import java.time.Duration;

/** Looks whether something of an exchange has been waited for too long. One thread at a time but for {@link #decided}. */
final class ExchangeTimer {
    /** How long a failed exchange may take to end, for example because its client goes on sending. */
    private static final Duration LINGER = Duration.ofSeconds(30);

    /** How long the end of the upstream's response is waited for when the client has the whole message. */
    private static final Duration TRAIL = Duration.ofSeconds(1);

    private final Exchange exchange;
    private final StateMachine<ExchangePhase, Event, ExchangePhase.Action> state;
    private final UpstreamRequest request;
    private final ResponseRelay down;
    private final ResponseStages stages;
    private final Deadlines deadlines;
    private final ClientSilence silence;

    /** Written before the event that follows from it, whose lock makes it visible to the thread that sees the later phase. */
    private long decidedAt;

    ExchangeTimer(
            Exchange exchange,
            StateMachine<ExchangePhase, Event, ExchangePhase.Action> state,
            UpstreamRequest request,
            ResponseRelay down,
            ResponseStages stages,
            Deadlines deadlines,
            ClientSilence silence) {
        this.exchange = exchange;
        this.state = state;
        this.request = request;
        this.down = down;
        this.stages = stages;
        this.deadlines = deadlines;
        this.silence = silence;
    }

    void decided(long now) {
        decidedAt = now;
    }

    void check(long now) {
        state.resume();
        var phase = state.phase();
        if (phase == ExchangePhase.RETURNED) {
            state.on(Event.SENT);
            return;
        }
        if (phase.isOpen()) {
            request.cut().filter(cut -> !state.phase().hasReceived()).ifPresent(exchange::fail);
        }
        if (down.pending()) {
            if (deadlines.clientStalled(now)) {
                exchange.abandon(RequestEnd.TIMEOUT);
            }
            return;
        }
        deadlines.clientMoved(now);
        switch (state.phase()) {
            case WAITING -> request.overdue(now).ifPresent(exchange::fail);
            case RESPONDING -> checkUpstream(now);
            case RECEIVED, COMPLETE, AHEAD -> comment();
            case TRAILING -> {
                if (decidedAt < now - TRAIL.toNanos()) {
                    state.on(Event.SENT);
                }
            }
            case FAILING, LINGERING, CLOSING -> checkEnd(now);
            case RETURNED, ENDED -> {}
        }
    }

    private void checkUpstream(long now) {
        if (deadlines.upstreamIdle(now) && !stages.endWithMessage()) {
            exchange.fail(new Failure(ErrorReply.timeout("The upstream fell silent."), RequestEnd.TIMEOUT));
        } else {
            comment();
        }
    }

    private void comment() {
        if (silence.eventDue()) {
            silence.eventSent();
            stages.whileSilent();
        }
        if (silence.commentDue() && down.comment()) {
            silence.sent();
        }
    }

    private void checkEnd(long now) {
        if (decidedAt < now - LINGER.toNanos()) {
            exchange.abandon(RequestEnd.ERROR);
        }
    }
}
