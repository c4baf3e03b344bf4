package dev.warder.exchange.tries;

import dev.warder.auth.Inquiry;
import dev.warder.auth.Meters;
import dev.warder.container.CallbackGuard;
import dev.warder.container.CallbackGuard.FaultHandler;
import dev.warder.container.Cancellation;
import dev.warder.container.Faults;
import dev.warder.container.SerialActions;
import dev.warder.credential.Candidates;
import dev.warder.credential.CredentialChoice;
import dev.warder.credential.CredentialSource;
import dev.warder.credential.Outcome;
import dev.warder.credential.UpstreamCredential;
import dev.warder.exchange.down.Failure;
import dev.warder.exchange.down.ResponsePipeline;
import dev.warder.exchange.down.ResponseSink;
import dev.warder.exchange.down.UpstreamResponse;
import dev.warder.exchange.tries.TriesPhase.Action;
import dev.warder.exchange.tries.TriesPhase.Event;
import dev.warder.exchange.tries.Try.Waiting;
import dev.warder.exchange.up.Deadlines;
import dev.warder.exchange.up.Upload.Outgoing;
import dev.warder.http.ErrorReply;
import dev.warder.json.BodyCosts.BodyThread;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import dev.warder.record.TryRecord;
import dev.warder.record.UsedCredential;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tries of one request: one with the caller's own credential, or one after the other with the operator's until a response
 * is good enough for the client or nothing is left; then the client gets the last response that came, or else the last
 * failure. {@link TriesPhase} has the states.
 *
 * <p>Thread-safe: what happens becomes a step, and the steps run one at a time, on the thread that brings one. There is one
 * try at a time.
 */
public final class Tries {
    private static final Logger LOG = LoggerFactory.getLogger(Tries.class);

    private static final Failure LATE =
            new Failure(ErrorReply.timeout("The upstream did not respond in time."), RequestEnd.TIMEOUT);

    private static final Duration REST = Duration.ofSeconds(5);

    /** The same for the value of a credential, which its source gives up sooner if it does what it should. */
    private static final Duration VALUE = Duration.ofSeconds(20);

    /** After as many time-outs the request itself is the likelier cause. */
    private static final int MOST_TIME_OUTS = 2;

    private static final int RENEWAL_RETRY_SECONDS = 5;
    private static final int UNAUTHORIZED = 401;
    private static final int LIMITED = 429;
    private static final Set<Integer> FAILED = Set.of(401, 402, 403, 429, 500, 502, 503, 529);

    private final TriesContext context;
    private final RequestRecord record;
    private final CredentialChoice choice;
    private final Deadlines deadlines;
    private final Meters meters;

    /** Receives the response that is good enough. */
    final ResponseSink client;

    private final FaultHandler faults;
    private final Cancellation cancellation = new Cancellation();
    private final SerialActions steps = new SerialActions();
    private final Consumer<Action> acting = this::act;

    /** Null before the beginning, and once the response is passed on: a stream may go on for an hour. */
    private volatile @Nullable Outgoing outgoing;

    private volatile @Nullable Try current;

    /** The try that was begun last, also where its request could not be written. */
    private @Nullable TryRecord begun;

    /** The operator's credentials; null with the caller's own. Written before the first try, as the next field is. */
    private @Nullable Candidates candidates;

    private volatile boolean repeatable;

    // What follows is used by steps only.

    private TriesPhase phase = TriesPhase.CREATED;

    /** The use whose value is awaited, or that the request is sent with. */
    private Candidates.@Nullable Use use;

    private @Nullable UpstreamCredential value;
    private Candidates.@Nullable Use renewed;

    /** Whether the last response shows no fault of its credential, so that no other one would do better. */
    private boolean blameless;

    /** How often the request was sent, but for the values that were renewed. */
    private int sent;

    private int timedOut;
    private boolean replaying;

    /** Gives the client the last response that came. */
    private @Nullable Runnable lastResponse;

    private @Nullable Failure lastFailure;

    /**
     * @param client receives the response that is good enough, or the last failure
     * @param faults receives what the client's sink throws where nothing else would catch it
     */
    public Tries(
            TriesContext context,
            RequestRecord record,
            CredentialChoice choice,
            Deadlines deadlines,
            Meters meters,
            ResponseSink client,
            FaultHandler faults) {
        this.context = context;
        this.record = record;
        this.choice = choice;
        this.deadlines = deadlines;
        this.meters = meters;
        this.client = client;
        this.faults = faults;
    }

    /**
     * Begins, once.
     *
     * @param request the same request as the gates have seen it
     */
    public void begin(Outgoing what, Inquiry request) {
        if (choice instanceof CredentialChoice.Managed managed) {
            begin(
                    what,
                    managed.candidates()
                            .of(record.call().judgesCredentials(), what.repeatable(), what.model())
                            .inSession(what.session())
                            .only(request.costs().thread().flatMap(BodyThread::keeper))
                            .serving(request));
        } else if (choice instanceof CredentialChoice.Passthrough own && !isCut()) {
            var credential = own.credential();
            var only = newTry(what, null, context.api(), credential, UsedCredential.ofClient(credential.kind()));
            cancellation.add(only::cancel);
            send(what, only);
        }
    }

    void begin(Outgoing what, Candidates operators) {
        outgoing = what;
        repeatable = what.repeatable();
        candidates = operators;
        if (cancellation.offer(() -> steps.run(() -> on(Event.ABORTED)))) {
            steps.run(() -> on(Event.STARTED));
        }
    }

    /** The response is passed on: a body that was sent is not needed again, and would be held as long as a stream goes on. */
    public void passedOn() {
        repeatable = false;
        outgoing = null;
        var sending = current;
        if (sending != null) {
            sending.responseBegan();
        }
    }

    public boolean sendsNoMore() {
        var sending = current;
        return sending != null && sending.sendsNoMore();
    }

    public void abort() {
        cancellation.cancel();
    }

    /**
     * The failure by a wait that lasts too long; empty without one, or where another credential takes over.
     *
     * @param byClient whether it is the client that holds the sending up
     */
    public Optional<Failure> overdue(long now, boolean byClient) {
        if (choice instanceof CredentialChoice.Managed) {
            check(what -> switch (what) {
                case VALUE -> deadlines.upstreamSilent(now, VALUE);
                case RESPONSE -> isLate(now, byClient);
                case REST -> deadlines.upstreamSilent(now, REST);
            });
            return Optional.empty();
        }
        return isLate(now, byClient) ? Optional.of(LATE) : Optional.empty();
    }

    private boolean isLate(long now, boolean byClient) {
        var sending = current;
        return sending != null && sending.isLate(deadlines, now, byClient);
    }

    /**
     * Gives up what is waited for too long, for which another credential may take over. Where another
     * thread runs steps, it looks after them: what begins to be waited for meanwhile began after the time of {@code late}.
     *
     * @param late whether the current wait is too long
     */
    void check(Predicate<Waiting> late) {
        steps.run(() -> {
            var sending = current;
            if (phase == TriesPhase.AWAITING && late.test(Waiting.VALUE)) {
                unavailable(null);
            } else if (phase == TriesPhase.TRYING && sending != null) {
                sending.check(late, LATE);
            }
        });
    }

    /** The receiver of the response to a try: its usage is read, also where another response is passed on. */
    UpstreamResponse receiver(Try to, Provider.Rendered request, TryRecord begun) {
        var tapped = ResponsePipeline.tap(begun.usage(), meters, to);
        return new UpstreamResponse(
                request.decode().apply(tapped),
                faults,
                begun,
                request.head().getMethod().equals("HEAD"));
    }

    static boolean isRefusal(int status) {
        return status == UNAUTHORIZED;
    }

    /**
     * Whether a response with this status is kept back: for another credential, or since only its content says what is
     * limited. The response has begun: from now on the time for its rest counts.
     */
    boolean keepsBack(int status) {
        moved();
        return candidates != null
                && (isRefusal(status)
                        || FAILED.contains(status) && anotherMayTakeOver()
                        || status == LIMITED && repeatable && candidates.distinguishesLimits());
    }

    /** Whether another credential could take over, so that an event stream is kept back until its first event. */
    boolean anotherMayTakeOver() {
        return candidates != null && repeatable && candidates.hasNext();
    }

    /** Whether earlier tries have failed, so that it counts what the first event of a stream is. */
    boolean hasUnproven() {
        return candidates != null && candidates.hasUnproven();
    }

    void passes() {
        if (candidates != null) {
            steps.run(() -> on(Event.PASSED_ON));
        }
    }

    void judged(Candidates.Use by, Outcome outcome) {
        by.ended(outcome);
        candidates().over();
    }

    /** The upstream refused a credential; its response is not for the client. */
    void refused(Try from, TriedResponse response) {
        whileTrying(() -> {
            var by = from.use();
            var refusal = error("The upstream refused the gateway's credential \"%s\".", by);
            lastResponse = () -> {
                name(by);
                client.failed(refusal);
            };
            if (!repeatable || !candidates().judged()) {
                // The request is not sent again.
                context.rejected().accept(by, from.credential());
            } else if (by.source().renewable() && renewed != by) {
                on(Event.RENEWABLE);
                return;
            }
            by.ended(response.outcome());
            on(Event.FAILED);
        });
    }

    void keptBack(Candidates.Use by, TriedResponse response) {
        whileTrying(() -> {
            lastResponse = () -> {
                name(by);
                response.passTo(client);
            };
            var outcome = response.outcome();
            blameless = outcome.isBetter();
            by.ended(outcome);
            on(Event.FAILED);
        });
    }

    /** @param by null for the caller's own credential */
    void failed(Candidates.@Nullable Use by, Outcome outcome, Failure failure) {
        if (by == null) {
            client.failed(failure);
            return;
        }
        whileTrying(() -> {
            by.ended(outcome);
            timedOut += outcome instanceof Outcome.TimedOut ? 1 : 0;
            lastFailure = failure;
            on(Event.FAILED);
        });
    }

    private void whileTrying(Runnable step) {
        steps.run(() -> {
            if (phase == TriesPhase.TRYING) {
                step.run();
            }
        });
    }

    private void on(Event event) {
        var step = phase.on(event);
        phase = step.next();
        Faults.runEach(step.actions(), acting);
    }

    private void act(Action action) {
        switch (action) {
            case CHOOSE -> choose();
            case ASK -> await(use(), use().current());
            case RENEW -> {
                renewed = use();
                await(use(), use().source().inPlaceOf(Objects.requireNonNull(value)));
            }
            case SEND -> send(Objects.requireNonNull(value));
            // A stream may go on for an hour: what other credentials brought is not kept as long.
            case FORGET -> {
                giveReplayBack();
                lastResponse = null;
                lastFailure = null;
            }
            case GIVE_LAST -> giveLast();
            case END_USE -> use().ended(new Outcome.Unknown());
            case CLOSE -> {
                candidates().over();
                giveReplayBack();
            }
            case CANCEL -> {
                var sending = current;
                if (sending != null) {
                    sending.cancel();
                }
            }
        }
    }

    private void choose() {
        if (cancellation.isCancelled()) {
            return;
        }
        use = !blameless && mayBeSentAgain() ? candidates().next().orElse(null) : null;
        on(use == null ? Event.NONE_LEFT : Event.CHOSEN);
    }

    private boolean mayBeSentAgain() {
        if (sent > 0 && !repeatable || timedOut >= MOST_TIME_OUTS) {
            return false;
        }
        if (sent > 1 && !replaying) {
            replaying = candidates().hasNext() && context.replays().enter();
            return replaying;
        }
        return true;
    }

    private void giveReplayBack() {
        if (replaying) {
            replaying = false;
            context.replays().leave();
        }
    }

    private void await(Candidates.Use of, CompletionStage<UpstreamCredential> stage) {
        moved();
        // A stage keeps to itself what its callbacks throw, and the exchange would never end.
        stage.whenComplete((credential, failure) ->
                CallbackGuard.run(() -> steps.run(() -> arrived(of, credential, failure)), faults));
    }

    private void arrived(Candidates.Use of, @Nullable UpstreamCredential credential, @Nullable Throwable failure) {
        if (phase != TriesPhase.AWAITING || use != of) {
            return;
        }
        if (credential == null) {
            unavailable(failure);
        } else {
            value = credential;
            on(Event.VALUE);
        }
    }

    private void unavailable(@Nullable Throwable failure) {
        var cause = CredentialSource.UnavailableException.of(failure);
        boolean refused = renewed == use && !cause.isTerminal();
        use().ended(
                        refused
                                ? new Outcome.Responded(UNAUTHORIZED, name -> Optional.empty())
                                : new Outcome.Unavailable(cause));
        lastFailure = cause.isTerminal()
                ? error("The gateway's credential \"%s\" cannot be used until an operator has seen to it.", use())
                : unrenewed(use());
        on(Event.NO_VALUE);
    }

    private void send(UpstreamCredential credential) {
        var by = use();
        name(by);
        record.uses(by.source().kind().tag());
        if (renewed != use) {
            sent++;
        }
        if (cancellation.isCancelled()) {
            return;
        }
        Try next = null;
        try {
            var what = outgoing;
            if (what == null) {
                // The client has left, and the response that was kept back was the last one.
                failed(by, new Outcome.Unknown(), LATE);
            } else if (!isCut()) {
                next = newTry(what, by, Provider.of(by), credential, named(by));
                send(what, next);
            }
        } catch (RuntimeException fault) {
            LOG.error("The request {} could not be sent", record.call().id(), fault);
            if (next == null) {
                failed(by, new Outcome.Lost(), Failure.of(fault));
            } else {
                next.failed(Failure.of(fault));
            }
        }
    }

    /** Whether a meter cuts the request, which the client is told then. */
    private boolean isCut() {
        if (begun != null && !begun.hasCost()) {
            meters.costNothing();
        }
        var refusal = meters.beforeTry();
        refusal.ifPresent(reply -> client.failed(Failure.cut(reply)));
        return refusal.isPresent();
    }

    private Try newTry(
            Outgoing what,
            Candidates.@Nullable Use by,
            Provider provider,
            UpstreamCredential credential,
            UsedCredential named) {
        var to = record.beginTry(named, provider.url());
        begun = to;
        try {
            var rendered = provider.render(what, to.trace().fields(what.head().fields()), credential);
            return new Try(this, by, credential, rendered, what.begin(rendered.body()), to);
        } catch (RuntimeException | Error fault) {
            to.failed();
            throw fault;
        }
    }

    private void send(Outgoing what, Try next) {
        // Before the timer can see the try, which would be overdue by the time of the one before.
        moved();
        current = next;
        next.record.trace().during(next.target(), () -> next.send(what.streams()));
    }

    /** Something begins that is waited for: the time for it begins before {@link #check} can see it. */
    private void moved() {
        deadlines.upstreamMoved(context.runningTime().getAsLong());
    }

    private void giveLast() {
        if (lastResponse != null) {
            lastResponse.run();
        } else {
            // Without a failure, no credential was tried.
            client.failed(
                    lastFailure != null ? lastFailure : new Failure(candidates().refusal(), RequestEnd.REFUSED));
        }
    }

    private void name(Candidates.Use by) {
        record.credential(named(by));
    }

    private static UsedCredential named(Candidates.Use by) {
        return new UsedCredential(by.source().name(), by.source().kind().word());
    }

    private static Failure error(String message, Candidates.Use by) {
        var reply = ErrorReply.badGateway(message.formatted(by.source().name()));
        return new Failure(reply.withoutRetry(), RequestEnd.ERROR);
    }

    private static Failure unrenewed(Candidates.Use by) {
        String message = "The gateway's credential \"%s\" cannot be renewed at the moment.";
        var reply = ErrorReply.overloaded(message.formatted(by.source().name()), RENEWAL_RETRY_SECONDS);
        return new Failure(reply, RequestEnd.ERROR);
    }

    private Candidates.Use use() {
        return Objects.requireNonNull(use);
    }

    private Candidates candidates() {
        return Objects.requireNonNull(candidates);
    }
}
