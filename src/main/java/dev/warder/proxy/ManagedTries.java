package dev.warder.proxy;

import dev.warder.credential.Candidates;
import dev.warder.credential.CredentialUnavailableException;
import dev.warder.credential.Outcome;
import dev.warder.credential.Try;
import dev.warder.credential.UpstreamCredential;
import dev.warder.http.AccessLine.End;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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
    /** What the client hears of tries that came to nothing, and of the answer that it gets. */
    interface Events extends UpstreamAnswer.Events {
        /** Nothing was sent, or what came back must not be told. */
        void failed(Failure failure);
    }

    /** Makes the call of a try. */
    interface Sender {
        /** Sends the request, once more perhaps, with this try's credential. */
        void send(ManagedTry with);

        /** The upstream has begun an answer that is kept back. */
        void answered();
    }

    private static final Logger LOG = LoggerFactory.getLogger(ManagedTries.class);
    private static final int UNAUTHORIZED = 401;
    private static final Set<Integer> FAILED = Set.of(401, 402, 403, 429, 500, 502, 503, 529);

    private final Call call;
    private final Candidates candidates;
    private final boolean repeatable;
    private final Replays replays;
    private final Sender sender;
    private final Events client;
    private final AtomicBoolean replaying = new AtomicBoolean();

    /** How many credentials it was sent with; once more with a renewed value does not count. */
    private final AtomicInteger tried = new AtomicInteger();

    private volatile @Nullable ManagedTry current;
    private volatile @Nullable Try renewed;
    private volatile @Nullable Runnable lastAnswer;
    private volatile @Nullable Failure lastFailure;
    private volatile boolean aborted;

    /** @param repeatable whether the request can be sent more than once */
    ManagedTries(Call call, Candidates candidates, boolean repeatable, Replays replays, Sender sender, Events client) {
        this.call = call;
        this.candidates = candidates;
        this.repeatable = repeatable;
        this.replays = replays;
        this.sender = sender;
        this.client = client;
    }

    /** Begins with the first credential. */
    void start() {
        var first = candidates.next();
        if (first.isPresent()) {
            begin(first.get());
        } else {
            client.failed(new Failure(candidates.refusal(), End.REFUSED));
        }
    }

    /** The upstream has not answered in time. */
    void overdue(Failure failure) {
        var running = current;
        if (running != null && !running.keepsFailureBack() && running.giveUp()) {
            running.use().ended(new Outcome.TimedOut());
            goOn(failure);
        }
    }

    /** Whether an answer is kept back whose end does not come. */
    boolean keepsFailureBack() {
        var running = current;
        return running != null && running.keepsFailureBack();
    }

    /** The end of an answer that is kept back was waited for too long. */
    void heldTooLong(Failure failure) {
        var running = current;
        if (running != null && running.keepsFailureBack() && running.giveUp()) {
            failed(running, failure);
        }
    }

    /** Stops whatever goes on. */
    void abort() {
        aborted = true;
        var running = current;
        if (running != null) {
            running.cancel();
            running.use().ended(new Outcome.Unknown());
        }
        leaveReplay();
    }

    @Override
    public boolean keepsBack(int status) {
        boolean back = status == UNAUTHORIZED || FAILED.contains(status) && anotherMayTakeOver();
        if (back) {
            sender.answered();
        }
        return back;
    }

    @Override
    public boolean anotherMayTakeOver() {
        return repeatable && candidates.hasNext();
    }

    @Override
    public void keptBack(ManagedTry from, int status, HeldAnswer answer) {
        if (status == UNAUTHORIZED) {
            lastAnswer = () -> {
                name(from.use());
                client.failed(rejected(from));
            };
            if (from.use().source().renewable() && renewed != from.use()) {
                renew(from);
                return;
            }
        } else {
            lastAnswer = () -> {
                name(from.use());
                answer.tell(client);
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
        from.use().ended(from.outcome());
        leaveReplay();
    }

    @Override
    public UpstreamAnswer.Events client() {
        return client;
    }

    private void begin(Try use) {
        use(use, use.source().current());
    }

    /** Renews what was refused; the request is sent with it once more, or else the next one finds it. */
    private void renew(ManagedTry from) {
        renewed = from.use();
        var value = from.use().source().inPlaceOf(from.credential());
        if (repeatable) {
            use(from.use(), value);
        } else {
            from.use().ended(new Outcome.Unknown());
            another();
        }
    }

    private void use(Try use, CompletionStage<UpstreamCredential> value) {
        value.whenComplete((credential, failure) -> {
            if (credential == null) {
                unavailable(use, failure);
            } else {
                send(use, credential);
            }
        });
    }

    private void send(Try use, UpstreamCredential credential) {
        name(use);
        LOG.debug("{} for request {}", use.source().kind().tag(), call.id());
        var next = new ManagedTry(use, credential, this);
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
            LOG.error("The request {} could not be sent", call.id(), fault);
            next.answerFailed(fault);
        }
    }

    private void unavailable(Try use, @Nullable Throwable failure) {
        var cause = CredentialUnavailableException.of(failure);
        use.ended(new Outcome.Unavailable(cause));
        String name = use.source().name();
        goOn(
                cause.isTerminal()
                        ? new Failure(
                                ErrorReply.badGateway("The gateway's credential \"" + name
                                                + "\" cannot be used until an operator has seen to it.")
                                        .withoutRetry(),
                                End.ERROR)
                        : new Failure(
                                ErrorReply.overloaded(
                                        "The gateway's credential \"" + name + "\" cannot be renewed at the moment.",
                                        5),
                                End.ERROR));
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
        if (!unsent && !repeatable || !candidates.hasNext()) {
            return false;
        }
        if (tried.get() > 1 && !replaying.get()) {
            replaying.set(replays.enter());
            return replaying.get();
        }
        return true;
    }

    private void end() {
        leaveReplay();
        var answer = lastAnswer;
        if (answer != null) {
            answer.run();
        } else {
            client.failed(Objects.requireNonNull(lastFailure));
        }
    }

    /** The access line names the one whose answer the client gets. */
    private void name(Try use) {
        call.line().credential(use.source().name(), use.source().kind().word());
    }

    private void leaveReplay() {
        if (replaying.getAndSet(false)) {
            replays.leave();
        }
    }

    private static Failure rejected(ManagedTry from) {
        String message = "The upstream refused the gateway's credential \""
                + from.use().source().name() + "\".";
        return new Failure(ErrorReply.badGateway(message).withoutRetry(), End.ERROR);
    }
}
