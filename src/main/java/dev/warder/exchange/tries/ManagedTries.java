package dev.warder.exchange.tries;

import dev.warder.credential.Candidates;
import dev.warder.credential.CredentialUnavailableException;
import dev.warder.credential.CredentialUse;
import dev.warder.credential.Outcome;
import dev.warder.credential.UpstreamCredential;
import dev.warder.exchange.down.Failure;
import dev.warder.exchange.down.ResponseSink;
import dev.warder.exchange.tries.ManagedTry.Waiting;
import dev.warder.exchange.tries.TriesPhase.Action;
import dev.warder.exchange.tries.TriesPhase.Event;
import dev.warder.record.RequestRecord;
import dev.warder.state.CallbackGuard;
import dev.warder.state.Cancellation;
import dev.warder.state.FaultHandler;
import dev.warder.state.Faults;
import dev.warder.state.SerialActions;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tries of one request with the managed credentials: sends it with one after the other until a response is good enough for
 * the client or nothing is left; then the client gets the last response that came, or else the last failure. {@link
 * TriesPhase} has the states.
 *
 * <p>Thread-safe: what happens becomes a step, and the steps run one at a time, on the thread that brings one. There is one
 * try at a time.
 */
public final class ManagedTries implements ManagedTry.Events {
    private static final Logger LOG = LoggerFactory.getLogger(ManagedTries.class);

    private final RequestRecord record;
    private final Candidates candidates;
    private final FailoverRule rule;
    private final TrySender sender;
    private final ResponseSink client;
    private final FaultHandler faults;
    private final Cancellation aborted = new Cancellation();
    private final SerialActions steps = new SerialActions();
    private final TryBudget budget;
    private final LastResult last;

    private TriesPhase phase = TriesPhase.CREATED;

    /** The use whose value is awaited, or that the request is sent with. */
    private @Nullable CredentialUse use;

    private @Nullable UpstreamCredential value;

    private Optional<ManagedTry> current = Optional.empty();

    private @Nullable CredentialUse renewed;

    /** Whether the last response shows no fault of its credential, so that no other one would do better. */
    private boolean blameless;

    /**
     * @param repeatable whether the request can be sent more than once
     * @param client receives the response that is good enough, or the last failure
     * @param faults receives what the client's sink throws where nothing else would catch it
     */
    public ManagedTries(
            RequestRecord record,
            Candidates candidates,
            boolean repeatable,
            Replays replays,
            TrySender sender,
            ResponseSink client,
            FaultHandler faults) {
        this.record = record;
        this.candidates = candidates;
        this.rule = new FailoverRule(candidates, repeatable, sender::moved);
        this.budget = new TryBudget(repeatable, candidates, replays);
        this.last = new LastResult(record, client);
        this.sender = sender;
        this.client = client;
        this.faults = faults;
        aborted.add(() -> steps.run(() -> on(Event.ABORTED)));
    }

    public void start() {
        steps.run(() -> on(Event.STARTED));
    }

    /**
     * Gives up what is waited for too long, for which another credential may take over. While a step runs, nothing is waited for.
     *
     * @param late whether the current wait is too long
     * @param failure the failure for the client where no other credential takes over
     */
    public void check(Predicate<Waiting> late, Failure failure) {
        steps.runIfIdle(() -> {
            if (phase == TriesPhase.AWAITING && late.test(Waiting.VALUE)) {
                unavailable(null);
            } else if (phase == TriesPhase.TRYING) {
                current.ifPresent(running -> running.check(late, failure));
            }
        });
    }

    public void abort() {
        aborted.cancel();
    }

    @Override
    public void refused(ManagedTry from, TriedResponse response) {
        whileTrying(() -> {
            last.isRefusal(from.use());
            if (rule.leavesRefusalToCheck()) {
                sender.rejected(from.use(), from.credential());
            } else if (from.use().source().renewable() && renewed != from.use()) {
                on(Event.RENEWABLE);
                return;
            }
            from.use().ended(response.outcome());
            on(Event.FAILED);
        });
    }

    @Override
    public void keptBack(ManagedTry from, TriedResponse response) {
        whileTrying(() -> {
            last.is(from.use(), response);
            var outcome = response.outcome();
            blameless = outcome.isBetter();
            from.use().ended(outcome);
            on(Event.FAILED);
        });
    }

    @Override
    public void failed(ManagedTry from, Outcome outcome, Failure failure) {
        whileTrying(() -> {
            from.use().ended(outcome);
            budget.failed(outcome);
            last.is(failure);
            on(Event.FAILED);
        });
    }

    @Override
    public void passedOn() {
        steps.run(() -> on(Event.PASSED_ON));
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
        var faults = new Faults();
        step.actions().forEach(action -> faults.run(() -> act(action)));
        faults.throwFirst();
    }

    private void act(Action action) {
        switch (action) {
            case CHOOSE -> choose();
            case ASK -> await(use(), use().source().current());
            case RENEW -> renew();
            case SEND -> send(Objects.requireNonNull(value));
            case FORGET -> forget();
            case GIVE_LAST -> last.give(candidates::refusal);
            case END_USE -> use().ended(new Outcome.Unknown());
            case CLOSE -> budget.over();
            case CANCEL -> current.ifPresent(ManagedTry::cancel);
        }
    }

    private void choose() {
        if (aborted.isCancelled()) {
            return;
        }
        use = !blameless && budget.allowsAnother() ? candidates.next().orElse(null) : null;
        on(use == null ? Event.NONE_LEFT : Event.CHOSEN);
    }

    private void renew() {
        renewed = use();
        await(use(), use().source().inPlaceOf(Objects.requireNonNull(value)));
    }

    private void await(CredentialUse of, CompletionStage<UpstreamCredential> stage) {
        sender.moved();
        // A stage keeps to itself what its callbacks throw, and the exchange would never end.
        stage.whenComplete((credential, failure) ->
                CallbackGuard.run(() -> steps.run(() -> arrived(of, credential, failure)), faults));
    }

    private void arrived(CredentialUse of, @Nullable UpstreamCredential credential, @Nullable Throwable failure) {
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

    private void send(UpstreamCredential credential) {
        last.name(use());
        record.uses(use().source().kind().tag());
        var next = new ManagedTry(use(), credential, rule, client, this);
        sender.moved();
        current = Optional.of(next);
        if (renewed != use) {
            budget.sent();
        }
        if (aborted.isCancelled()) {
            return;
        }
        try {
            sender.send(next);
        } catch (RuntimeException fault) {
            LOG.error("The request {} could not be sent", record.call().id(), fault);
            next.failed(Failure.of(fault));
        }
    }

    private void unavailable(@Nullable Throwable failure) {
        var cause = CredentialUnavailableException.of(failure);
        use().ended(FailoverRule.unavailable(cause, renewed == use));
        last.isUnavailable(use(), cause);
        on(Event.NO_VALUE);
    }

    /** A stream may go on for an hour: what other credentials brought is not kept as long. */
    private void forget() {
        budget.close();
        last.forget();
    }

    private CredentialUse use() {
        return Objects.requireNonNull(use);
    }

    /** How often one request may still be sent. One thread at a time. */
    private static final class TryBudget {
        /** After as many time-outs the request itself is the likelier cause. */
        private static final int MOST_TIME_OUTS = 2;

        private final boolean repeatable;
        private final Candidates candidates;
        private final Replays replays;
        private int sent;
        private int timedOut;
        private boolean replaying;

        /** @param repeatable whether the request can be sent more than once */
        TryBudget(boolean repeatable, Candidates candidates, Replays replays) {
            this.repeatable = repeatable;
            this.candidates = candidates;
            this.replays = replays;
        }

        boolean allowsAnother() {
            if (sent > 0 && !repeatable || timedOut >= MOST_TIME_OUTS) {
                return false;
            }
            if (sent > 1 && !replaying) {
                replaying = candidates.hasNext() && replays.enter();
                return replaying;
            }
            return true;
        }

        void sent() {
            sent++;
        }

        void failed(Outcome outcome) {
            if (outcome instanceof Outcome.TimedOut) {
                timedOut++;
            }
        }

        /** The request is over: its unproven failures do not count, and the place is given back. */
        void over() {
            candidates.over();
            close();
        }

        void close() {
            if (replaying) {
                replaying = false;
                replays.leave();
            }
        }
    }
}
