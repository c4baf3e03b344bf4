package dev.warder.exchange;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.credential.CredentialChoice;
import dev.warder.credential.CredentialUse;
import dev.warder.credential.UpstreamCredential;
import dev.warder.exchange.down.DeferredHead;
import dev.warder.exchange.down.Failure;
import dev.warder.exchange.down.ResponsePipeline;
import dev.warder.exchange.down.ResponseSink;
import dev.warder.exchange.tries.ManagedTries;
import dev.warder.exchange.tries.ManagedTry;
import dev.warder.exchange.tries.TrySender;
import dev.warder.exchange.up.Deadlines;
import dev.warder.exchange.up.Outgoing;
import dev.warder.gate.Meters;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import dev.warder.record.UsedCredential;
import dev.warder.state.Cancellation;
import dev.warder.state.FaultHandler;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tries of one request: one with the caller's own credential, or one after the other with the operator's. Thread-safe.
 */
final class RequestTries implements TrySender {
    private static final Failure LATE =
            new Failure(ErrorReply.timeout("The upstream did not respond in time."), RequestEnd.TIMEOUT);

    private static final Duration REST = Duration.ofSeconds(5);

    /** The same for the value of a credential, which its source gives up sooner if it does what it should. */
    private static final Duration VALUE = Duration.ofSeconds(20);

    private final ProxyContext context;
    private final RequestRecord record;
    private final Call call;
    private final CredentialChoice choice;
    private final Deadlines deadlines;
    private final ResponseSink client;
    private final FaultHandler faults;
    private final Meters meters;

    private final Cancellation cancellation = new Cancellation();

    @GuardedBy("this")
    private @Nullable Outgoing outgoing;

    @GuardedBy("this")
    private @Nullable ManagedTries managed;

    @GuardedBy("this")
    private @Nullable UpstreamTry current;

    RequestTries(
            ProxyContext context,
            RequestRecord record,
            CredentialChoice choice,
            Deadlines deadlines,
            ResponseSink client,
            FaultHandler faults,
            Meters meters) {
        this.context = context;
        this.record = record;
        this.call = record.call();
        this.choice = choice;
        this.deadlines = deadlines;
        this.client = client;
        this.faults = faults;
        this.meters = meters;
    }

    /**
     * Begins, once.
     *
     * @param keeper the name of the only credential that can serve it, if that is so
     */
    void begin(Outgoing what, Optional<String> keeper) {
        sends(what);
        if (choice instanceof CredentialChoice.Managed managed) {
            begin(what, managed, keeper);
        } else if (choice instanceof CredentialChoice.Passthrough own && !isCut()) {
            var next = what.next();
            var response = new DeferredHead(client, this::moved);
            var only = newTry(
                    what,
                    next,
                    response,
                    UsedCredential.ofClient(own.credential().kind()));
            cancellation.add(only::cancel);
            send(what, next, only, own.credential());
        }
    }

    private void begin(Outgoing what, CredentialChoice.Managed operators, Optional<String> keeper) {
        var several = new ManagedTries(
                record,
                operators
                        .candidates()
                        .of(call.judgesCredentials(), what.repeatable(), what.model())
                        .inSession(what.session())
                        .only(keeper),
                what.repeatable(),
                context.exchanges().replays(),
                this,
                client,
                faults);
        managed(several);
        if (cancellation.offer(several::abort)) {
            several.start();
        }
    }

    /** The response is passed on: a body that was sent is not needed again, and would be held as long as a stream goes on. */
    void passedOn() {
        sends(null);
        var sent = current();
        if (sent != null) {
            sent.responseBegan();
        }
    }

    boolean sendsNoMore() {
        var sent = current();
        return sent != null && sent.sending().isOver();
    }

    void abort() {
        cancellation.cancel();
    }

    /**
     * What has been waited for too long, where no other credential takes over.
     *
     * @param client whether it is the client that holds the sending up
     */
    Optional<Failure> overdue(long now, boolean client) {
        var several = managed();
        if (several != null) {
            several.check(
                    what -> switch (what) {
                        case VALUE -> deadlines.upstreamSilent(now, VALUE);
                        case RESPONSE -> late(now, client);
                        case REST -> deadlines.upstreamSilent(now, REST);
                    },
                    LATE);
            return Optional.empty();
        }
        return late(now, client) ? Optional.of(LATE) : Optional.empty();
    }

    @Override
    public void send(ManagedTry with) {
        if (isCut()) {
            return;
        }
        var what = Objects.requireNonNull(outgoing());
        var next = what.next();
        var begun = newTry(what, next, with, with.named());
        with.sends(begun);
        send(what, next, begun, with.credential());
    }

    @Override
    public void rejected(CredentialUse use, UpstreamCredential value) {
        context.checkup().rejected(use, value);
    }

    @Override
    public void moved() {
        deadlines.upstreamMoved(now());
    }

    private boolean isCut() {
        var before = current();
        if (before != null && !before.hasCost()) {
            meters.costNothing();
        }
        var refusal = meters.beforeTry();
        refusal.ifPresent(reply -> client.failed(Failure.cut(reply)));
        return refusal.isPresent();
    }

    private UpstreamTry newTry(Outgoing what, Outgoing.Next next, ResponseSink to, UsedCredential with) {
        var begun = record.beginTry(with);
        var tapped = ResponsePipeline.tap(begun.usage(), meters, to);
        return new UpstreamTry(next.progress(), tapped, faults, begun, what.asksForHead());
    }

    private void send(Outgoing what, Outgoing.Next next, UpstreamTry begun, UpstreamCredential credential) {
        // Before the timer can see the try, which would be overdue by the time of the one before.
        deadlines.upstreamMoved(now());
        current(begun);
        var upstream = context.upstream();
        var trace = begun.trace();
        var message = what.message(
                context.client().host(),
                upstream.url().getRawPath(),
                credential.addTo(trace.fields(what.path(), what.fields())),
                upstream.version());
        trace.during(() -> begun.begin(context.client(), what.streams(), message, next.content()));
    }

    private boolean late(long now, boolean client) {
        var sent = current();
        if (sent == null) {
            return false;
        }
        if (sent.response().hasBegun()) {
            return deadlines.upstreamIdle(now);
        }
        return sent.sending().isWhole() ? deadlines.firstByteOverdue(now) : !client && deadlines.upstreamIdle(now);
    }

    private long now() {
        return context.runningTime().getAsLong();
    }

    private synchronized void sends(@Nullable Outgoing what) {
        outgoing = what;
    }

    private synchronized @Nullable Outgoing outgoing() {
        return outgoing;
    }

    private synchronized void managed(ManagedTries several) {
        managed = several;
    }

    private synchronized @Nullable ManagedTries managed() {
        return managed;
    }

    private synchronized void current(UpstreamTry begun) {
        current = begun;
    }

    private synchronized @Nullable UpstreamTry current() {
        return current;
    }
}
