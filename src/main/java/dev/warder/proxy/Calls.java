package dev.warder.proxy;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.credential.CredentialChoice;
import dev.warder.credential.Try;
import dev.warder.credential.source.UpstreamCredential;
import dev.warder.failover.ManagedTries;
import dev.warder.failover.ManagedTry;
import dev.warder.failover.TrySender;
import dev.warder.gate.Meters;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.record.CredentialUse;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import dev.warder.response.DeferredHead;
import dev.warder.response.Failure;
import dev.warder.response.ResponsePipeline;
import dev.warder.response.ResponseSink;
import dev.warder.state.Cancellation;
import dev.warder.state.FaultHandler;
import dev.warder.upload.Deadlines;
import dev.warder.upload.Outgoing;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one request: one with the caller's own credential, or one after the other with the operator's. Thread-safe.
 */
final class Calls implements TrySender {
    private static final Failure LATE =
            new Failure(ErrorReply.timeout("The upstream did not respond in time."), RequestEnd.TIMEOUT);

    /** How long the end of a response that is kept back is waited for. */
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
    private @Nullable ManagedTries tries;

    @GuardedBy("this")
    private @Nullable Attempt current;

    /** @param meters may cut the request before each try, and read its usage */
    Calls(
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

    /** Begins, once. */
    void begin(Outgoing what) {
        sends(what);
        if (choice instanceof CredentialChoice.Managed managed) {
            begin(what, managed);
        } else if (choice instanceof CredentialChoice.Passthrough own && !isCut()) {
            var next = what.next();
            var response = new DeferredHead(client, this::moved);
            var attempt = attempt(
                    what,
                    next,
                    response,
                    CredentialUse.ofClient(own.credential().kind()));
            cancellation.add(attempt::cancel);
            send(what, next, attempt, own.credential());
        }
    }

    private void begin(Outgoing what, CredentialChoice.Managed managed) {
        var several = new ManagedTries(
                record,
                managed.candidates()
                        .of(call.judgesCredentials(), what.repeatable(), what.model())
                        .inSession(what.session()),
                what.repeatable(),
                context.exchanges().replays(),
                this,
                client,
                faults);
        tries(several);
        if (cancellation.offer(several::abort)) {
            several.start();
        }
    }

    /** The response is passed on: a body that was sent is not needed again, and would be held as long as a stream goes on. */
    void passedOn() {
        sends(null);
        var attempt = current();
        if (attempt != null) {
            attempt.responseBegan();
        }
    }

    /** Whether nothing more of the body is sent, if the response has begun. */
    boolean sendsNoMore() {
        var attempt = current();
        return attempt != null && attempt.sending().isOver();
    }

    /** Stops whatever goes on; harmless when all is over. */
    void abort() {
        cancellation.cancel();
    }

    /**
     * What has been waited for too long, where no other credential takes over.
     *
     * @param client whether it is the client that holds the sending up
     */
    Optional<Failure> overdue(long now, boolean client) {
        var managed = tries();
        if (managed != null) {
            managed.check(
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
        var attempt = attempt(what, next, with, with.named());
        with.calls(attempt);
        send(what, next, attempt, with.credential());
    }

    @Override
    public void rejected(Try use, UpstreamCredential value) {
        context.checkup().rejected(use, value);
    }

    @Override
    public void moved() {
        deadlines.upstreamMoved(now());
    }

    /** Whether a meter refuses the next try; the client gets the refusal then. */
    private boolean isCut() {
        var before = current();
        if (before != null && !before.hasCost()) {
            meters.costNothing();
        }
        var refusal = meters.beforeTry();
        refusal.ifPresent(reply -> client.failed(Failure.cut(reply)));
        return refusal.isPresent();
    }

    private Attempt attempt(Outgoing what, Outgoing.Next next, ResponseSink to, CredentialUse with) {
        var begun = record.attempt(with);
        var tapped = ResponsePipeline.tap(begun.usage(), meters, to);
        return new Attempt(next.progress(), tapped, faults, begun, what.asksForHead());
    }

    private void send(Outgoing what, Outgoing.Next next, Attempt attempt, UpstreamCredential credential) {
        // Before the timer can see the attempt, which would be overdue by the time of the one before.
        deadlines.upstreamMoved(now());
        current(attempt);
        var upstream = context.upstream();
        var trace = attempt.trace();
        var message = what.message(
                context.client().host(),
                upstream.url().getRawPath(),
                credential.addTo(trace.fields(what.path(), what.fields())),
                upstream.version());
        trace.during(() -> attempt.begin(context.client(), what.streams(), message, next.content()));
    }

    private boolean late(long now, boolean client) {
        var attempt = current();
        if (attempt == null) {
            return false;
        }
        if (attempt.response().hasBegun()) {
            return deadlines.upstreamIdle(now);
        }
        return attempt.sending().isWhole() ? deadlines.firstByteOverdue(now) : !client && deadlines.upstreamIdle(now);
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

    private synchronized void tries(ManagedTries several) {
        tries = several;
    }

    private synchronized @Nullable ManagedTries tries() {
        return tries;
    }

    private synchronized void current(Attempt attempt) {
        current = attempt;
    }

    private synchronized @Nullable Attempt current() {
        return current;
    }
}
