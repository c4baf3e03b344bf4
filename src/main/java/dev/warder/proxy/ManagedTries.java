package dev.warder.proxy;

import dev.warder.credential.Candidates;
import dev.warder.credential.CredentialUnavailableException;
import dev.warder.credential.Outcome;
import dev.warder.credential.Try;
import dev.warder.credential.UpstreamCredential;
import dev.warder.http.ErrorReply;
import dev.warder.record.CredentialUse;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request's way through the managed credentials: sends it with one after the other until an answer is good enough for
 * the client or nothing is left; then the client gets the last answer that an upstream gave, or else the last failure.
 *
 * <p>Thread-safe. There is one try at a time; whoever ends it begins the next.
 */
final class ManagedTries implements ManagedTry.Events {
    /** Makes the call of a try. */
    interface Sender {
        /** Sends the request, once more perhaps, with this try's credential. */
        void send(ManagedTry with);

        /** The upstream answered 401 to this value, and the request is not sent with another one in its place. */
        void rejected(Try use, UpstreamCredential value);

        /** Something begins that is waited for: the time for it begins before {@link #check} can see it. */
        void moved();
    }

    /** What can be waited for too long. */
    enum Waiting {
        /** The value of a credential. */
        VALUE,
        /** An answer, or room for the request. */
        ANSWER,
        /** The rest of an answer that is kept back. */
        REST
    }

    private static final Logger LOG = LoggerFactory.getLogger(ManagedTries.class);
    private static final int UNAUTHORIZED = 401;

    /** After as many time-outs the request itself is the likelier cause. */
    private static final int MOST_TIME_OUTS = 2;

    private static final Set<Integer> FAILED = Set.of(401, 402, 403, 429, 500, 502, 503, 529);

    private final RequestRecord record;
    private final Candidates candidates;
    private final boolean repeatable;
    private final Replays replays;
    private final Sender sender;
    private final ResponseSink client;
    private final FaultHandler faults;
    private final AtomicBoolean replaying = new AtomicBoolean();

    /** How many credentials it was sent with; once more with a renewed value does not count. */
    private final AtomicInteger tried = new AtomicInteger();

    /** How many credentials did not bring the first byte of a response in time. */
    private final AtomicInteger timedOut = new AtomicInteger();

    /** The use whose value is waited for. */
    private final AtomicReference<@Nullable Try> awaited = new AtomicReference<>();

    private volatile @Nullable ManagedTry current;
    private volatile @Nullable Try renewed;
    private volatile @Nullable Runnable lastAnswer;
    private volatile @Nullable Failure lastFailure;
    private volatile boolean aborted;

    /**
     * @param repeatable whether the request can be sent more than once
     * @param client receives the response that is good enough, or the last failure
     * @param faults receives what the client's sink throws where nothing else would catch it
     */
    ManagedTries(
            RequestRecord record,
            Candidates candidates,
            boolean repeatable,
            Replays replays,
            Sender sender,
            ResponseSink client,
            FaultHandler faults) {
        this.record = record;
        this.candidates = candidates;
        this.repeatable = repeatable;
        this.replays = replays;
        this.sender = sender;
        this.client = client;
        this.faults = faults;
    }

    /** Begins with the first credential. */
    void start() {
        var first = candidates.next();
        if (first.isPresent()) {
            begin(first.get());
        } else {
            client.failed(new Failure(candidates.refusal(), RequestEnd.REFUSED));
        }
    }

    /**
     * Gives up what is waited for too long, for which another credential may take over.
     *
     * @param late whether the current wait is too long
     * @param failure the failure for the client where no other credential takes over
     */
    void check(Predicate<Waiting> late, Failure failure) {
        // What is waited for is read before the clock is: the time of the next began before it could be seen here.
        var use = awaited.get();
        var running = current;
        if (use != null) {
            if (late.test(Waiting.VALUE) && awaited.compareAndSet(use, null)) {
                unavailable(use, null);
            }
        } else if (running == null) {
            return;
        } else if (running.keepsFailureBack()) {
            if (late.test(Waiting.REST)) {
                running.restMissing(failure);
            }
        } else if (late.test(Waiting.ANSWER) && running.giveUp()) {
            running.use().ended(new Outcome.TimedOut());
            timedOut.incrementAndGet();
            goOn(failure);
        }
    }

    /** Stops whatever goes on. */
    void abort() {
        aborted = true;
        var use = awaited.getAndSet(null);
        if (use != null) {
            use.ended(new Outcome.Unknown());
        }
        var running = current;
        if (running != null) {
            running.cancel();
            running.use().ended(new Outcome.Unknown());
        }
        candidates.over();
        leaveReplay();
    }

    @Override
    public boolean keepsBack(int status) {
        sender.moved();
        return status == UNAUTHORIZED || FAILED.contains(status) && anotherMayTakeOver();
    }

    @Override
    public boolean hasUnproven() {
        return candidates.hasUnproven();
    }

    @Override
    public boolean anotherMayTakeOver() {
        return repeatable && candidates.hasNext();
    }

    @Override
    public void keptBack(ManagedTry from, int status, HeldResponse response) {
        if (status == UNAUTHORIZED) {
            lastAnswer = () -> {
                name(from.use());
                client.failed(rejected(from));
            };
            if (!repeatable || !candidates.judged()) {
                sender.rejected(from.use(), from.credential());
            } else if (from.use().source().renewable() && renewed != from.use()) {
                renew(from);
                return;
            }
        } else {
            lastAnswer = () -> {
                name(from.use());
                response.passTo(client);
            };
        }
        from.use().ended(from.outcome());
        another();
    }

    @Override
    public void failed(ManagedTry from, Failure failure) {
        from.use().ended(from.outcome());
        goOn(failure);
    }

    @Override
    public void passedOn(ManagedTry from) {
        leaveReplay();
        // A stream may go on for an hour: what other credentials brought is not kept as long.
        lastAnswer = null;
        lastFailure = null;
    }

    @Override
    public void judged(ManagedTry from, Outcome outcome) {
        from.use().ended(outcome);
        candidates.over();
    }

    @Override
    public ResponseSink client() {
        return client;
    }

    private void begin(Try use) {
        use(use, use.source().current());
    }

    /** Renews what was rejected; the request is sent with it once more. */
    private void renew(ManagedTry from) {
        renewed = from.use();
        use(from.use(), from.use().source().inPlaceOf(from.credential()));
    }

    private void use(Try use, CompletionStage<UpstreamCredential> value) {
        sender.moved();
        awaited.set(use);
        // A stage keeps to itself what its callbacks throw, and the exchange would never end.
        value.whenComplete((credential, failure) -> CallbackGuard.run(() -> arrived(use, credential, failure), faults));
    }

    private void arrived(Try use, @Nullable UpstreamCredential credential, @Nullable Throwable failure) {
        if (!awaited.compareAndSet(use, null)) {
            return;
        }
        if (credential == null) {
            unavailable(use, failure);
        } else {
            send(use, credential);
        }
    }

    private void send(Try use, UpstreamCredential credential) {
        name(use);
        LOG.debug("{} for request {}", use.source().kind().tag(), record.call().id());
        var next = new ManagedTry(use, credential, this);
        sender.moved();
        current = next;
        if (renewed != use) {
            tried.incrementAndGet();
        }
        if (aborted) {
            use.ended(new Outcome.Unknown());
            leaveReplay();
            return;
        }
        try {
            sender.send(next);
        } catch (RuntimeException fault) {
            LOG.error("The request {} could not be sent", record.call().id(), fault);
            next.failed(Failure.of(fault));
        }
    }

    private void unavailable(Try use, @Nullable Throwable failure) {
        var cause = CredentialUnavailableException.of(failure);
        boolean refused = renewed == use && !cause.isTerminal();
        use.ended(
                refused
                        ? new Outcome.Answered(UNAUTHORIZED, name -> Optional.empty())
                        : new Outcome.Unavailable(cause));
        String name = use.source().name();
        goOn(
                cause.isTerminal()
                        ? new Failure(
                                ErrorReply.badGateway("The gateway's credential \"" + name
                                                + "\" cannot be used until an operator has seen to it.")
                                        .withoutRetry(),
                                RequestEnd.ERROR)
                        : new Failure(
                                ErrorReply.overloaded(
                                        "The gateway's credential \"" + name + "\" cannot be renewed at the moment.",
                                        5),
                                RequestEnd.ERROR));
    }

    private void goOn(Failure failure) {
        lastFailure = failure;
        another();
    }

    private void another() {
        if (aborted) {
            leaveReplay();
            return;
        }
        var next = mayGoOn() ? candidates.next() : Optional.<Try>empty();
        if (next.isPresent()) {
            begin(next.get());
        } else {
            end();
        }
    }

    /** The first failover is free, and so was the replay with a renewed value. */
    private boolean mayGoOn() {
        boolean unsent = tried.get() == 0;
        if (!unsent && !repeatable || timedOut.get() >= MOST_TIME_OUTS || !candidates.hasNext()) {
            return false;
        }
        if (tried.get() > 1 && !replaying.get()) {
            replaying.set(replays.enter());
            return replaying.get();
        }
        return true;
    }

    private void end() {
        candidates.over();
        leaveReplay();
        var answer = lastAnswer;
        if (answer != null) {
            answer.run();
        } else {
            client.failed(Objects.requireNonNull(lastFailure));
        }
    }

    /** The record names the one whose response the client gets. */
    private void name(Try use) {
        record.credential(named(use));
    }

    /** How the record of a request names it. */
    static CredentialUse named(Try use) {
        return new CredentialUse(use.source().name(), use.source().kind().word());
    }

    private void leaveReplay() {
        if (replaying.getAndSet(false)) {
            replays.leave();
        }
    }

    private static Failure rejected(ManagedTry from) {
        String message = "The upstream refused the gateway's credential \""
                + from.use().source().name() + "\".";
        return new Failure(ErrorReply.badGateway(message).withoutRetry(), RequestEnd.ERROR);
    }
}
