package dev.warder.exchange;

import dev.warder.exchange.ExchangePhase.Event;
import dev.warder.exchange.down.Failure;
import dev.warder.exchange.down.ResponsePhase;
import dev.warder.exchange.down.ResponseRelay;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.OwnResponse;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import dev.warder.state.CallbackGuard;
import dev.warder.state.StateMachine;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Runs the actions of the table {@link ExchangePhase}. One thread at a time but for {@link #decide} and {@link #written}. */
final class ExchangeActions {
    private static final ErrorReply BROKEN_OFF =
            ErrorReply.invalidRequest("The request broke off before the end of its body, or its framing is broken.");

    /** The status for a client that sends too slowly, whose further bytes are not waited for. */
    private static final int SLOW = 408;

    private final RequestRecord record;
    private final Call call;
    private final UpstreamRequest request;
    private final ResponseRelay down;
    private final ResponseStages stages;
    private final ExchangeTimer timer;
    private final LongSupplier nanoTime;
    private final Runnable leave;

    /** How the exchange ends, and the error that the client gets if it can still get one. */
    private final AtomicReference<@Nullable Failure> verdict = new AtomicReference<>();

    private final AtomicLong written = new AtomicLong();

    ExchangeActions(
            RequestRecord record,
            UpstreamRequest request,
            ResponseRelay down,
            ResponseStages stages,
            ExchangeTimer timer,
            LongSupplier nanoTime,
            Runnable leave) {
        this.record = record;
        this.call = record.call();
        this.request = request;
        this.down = down;
        this.stages = stages;
        this.timer = timer;
        this.nanoTime = nanoTime;
        this.leave = leave;
    }

    /** Decides how the exchange ends, before the event that ends it; returns false if that was decided before. */
    boolean decide(Failure failure) {
        if (verdict.get() == null) {
            timer.decided(nanoTime.getAsLong());
        }
        return verdict.compareAndSet(null, failure);
    }

    /** Bytes of the body were given to the container. */
    void written(int bytes) {
        record.latency().delivered();
        written.addAndGet(bytes);
    }

    void run(ExchangePhase.Action action, StateMachine<ExchangePhase, Event, ExchangePhase.Action> state) {
        switch (action) {
            case FAIL -> sendError(verdict().reply(), state);
            case DROP_REST -> dropRest();
            case END_RESPONSE -> down.end();
            case END_OR_BREAK -> endOrBreak(state);
            case LAST_WORD ->
                down.lastWord(response -> OwnResponse.head(response, BROKEN_OFF, call.dialect(), call.id()));
            case BARE_ERROR -> down.bareError();
            case BREAK_BEGUN -> down.on(ResponsePhase.Event.BREAK_BEGUN);
            case BREAK -> down.on(ResponsePhase.Event.BREAK);
            case END_RECORD -> CallbackGuard.runEach(record::whole, this::endRecord);
            case END -> end();
        }
    }

    private void sendError(ErrorReply reply, StateMachine<ExchangePhase, Event, ExchangePhase.Action> state) {
        request.abort();
        byte[] body = call.dialect().body(reply, call.id());
        if (down.head(response -> OwnResponse.head(response, reply, call.dialect(), call.id()))) {
            record.status(reply.status());
            down.add(body, 0);
            state.on(Event.ERROR_QUEUED);
        } else {
            stages.failure(reply).ifPresentOrElse(down::cutOffBy, () -> down.cutOff(body));
        }
    }

    private void dropRest() {
        if (verdict().reply().status() == SLOW) {
            down.end();
        } else {
            request.dropRest(down::end);
        }
    }

    private void endOrBreak(StateMachine<ExchangePhase, Event, ExchangePhase.Action> state) {
        if (down.headSet()) {
            down.end();
        } else {
            state.on(Event.BROKEN);
        }
    }

    /** Each step is taken, whatever becomes of the others: there is no second time. */
    private void end() {
        CallbackGuard.runEach(
                request::abort, stages::close, () -> down.on(ResponsePhase.Event.CLOSE), this::endRecord, leave::run);
    }

    private void endRecord() {
        var verdict = verdict();
        if (verdict.end() != RequestEnd.OK && verdict.end() != RequestEnd.CLIENT_GONE) {
            record.error(verdict.reply());
        }
        record.endExchange(verdict.end(), written.get());
    }

    private Failure verdict() {
        return Objects.requireNonNullElse(verdict.get(), Failure.internal(RequestEnd.ERROR));
    }
}
