package dev.warder.oauth;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.credential.UpstreamCredential;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A token as its callers share it: what is known of it, whether it is being renewed, and who waits for that. It starts a
 * renewal where one is due, and is told how that ends. Thread-safe; nobody waits in it.
 */
final class SharedToken {
    private static final long LONGEST_WAIT_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long JUST_RENEWED_NANOS = Duration.ofSeconds(10).toNanos();

    /** Far above the sum of all limits of a renewal: one that runs longer hangs in a file system, and helps nobody. */
    private static final long LONGEST_RENEWAL_NANOS = Duration.ofMinutes(3).toNanos();

    /** Storing a token again costs nobody anything, and until then a restart would lose the login. */
    private static final Duration LONGEST_STORE_PAUSE = Duration.ofSeconds(10);

    private final LongSupplier nanoTime;
    private final BooleanSupplier renewal;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final KnownToken known;

    @GuardedBy("lock")
    private final BackOff endpointPause;

    @GuardedBy("lock")
    private final BackOff storePause;

    @GuardedBy("lock")
    private final List<Waiter> waiters = new ArrayList<>();

    @GuardedBy("lock")
    private boolean renewing;

    @GuardedBy("lock")
    private long renewingSince;

    @GuardedBy("lock")
    private boolean closed;

    @GuardedBy("lock")
    private OptionalLong renewedAt = OptionalLong.empty();

    /** @param renewal begins one on another thread, unless it is too late for that */
    SharedToken(String name, Surroundings surroundings, BooleanSupplier renewal) {
        this.nanoTime = surroundings.nanoTime();
        this.renewal = renewal;
        known = new KnownToken(name, surroundings.clock());
        endpointPause = new BackOff(nanoTime, surroundings.random(), BackOff.LONGEST);
        storePause = new BackOff(nanoTime, surroundings.random(), LONGEST_STORE_PAUSE);
    }

    Optional<String> outOfUse() {
        synchronized (lock) {
            return known.outOfUse();
        }
    }

    Optional<Instant> expiry() {
        synchronized (lock) {
            return known.expiry();
        }
    }

    CredentialStatus status(String kind, String place) {
        synchronized (lock) {
            return known.status(kind, place);
        }
    }

    /** The token, or what its renewal brings. */
    CompletionStage<UpstreamCredential> current() {
        synchronized (lock) {
            var age = known.age();
            if (age == Age.FRESH || known.terminal().isPresent()) {
                return answered("");
            }
            beginWhenDue();
            return age == Age.ADVISORY ? answered("") : shared("");
        }
    }

    /** Another token than the one that the upstream refused. */
    CompletionStage<UpstreamCredential> inPlaceOf(String refused) {
        synchronized (lock) {
            if (!known.is(refused)) {
                return current();
            }
            known.refuse(refused);
            if (known.terminal().isPresent() || (!renewing && justRenewed())) {
                return answered(refused);
            }
            beginWhenDue();
            return shared(refused);
        }
    }

    /** Begins a renewal to store what could not be stored, be the endpoint left alone or not. */
    void storeAgain() {
        synchronized (lock) {
            if (storePause.due()) {
                begin();
            }
        }
    }

    /** Ends waiting that took too long. */
    void endLateWaiting() {
        List<Waiter> late;
        synchronized (lock) {
            long now = nanoTime.getAsLong();
            late = waiters.stream()
                    .filter(waiter -> now - waiter.since() >= LONGEST_WAIT_NANOS)
                    .toList();
            waiters.removeAll(late);
        }
        answer(late);
    }

    /** From now on nothing is renewed and nobody begins to wait. */
    void close() {
        synchronized (lock) {
            closed = true;
        }
    }

    /** Tells all who wait what is at hand. */
    void answerAll() {
        List<Waiter> all;
        synchronized (lock) {
            all = List.copyOf(waiters);
            waiters.clear();
        }
        answer(all);
    }

    /** Whether a renewal should look first at what is stored: that token goes on while it lives, should the renewal fail. */
    boolean isUnknown() {
        synchronized (lock) {
            return known.token().isEmpty() && !closed;
        }
    }

    /** Whether a renewal that was begun has become needless. */
    boolean isSettled() {
        synchronized (lock) {
            return closed
                    || known.terminal().isPresent()
                    || known.token().filter(known::goodEnough).isPresent();
        }
    }

    boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    /** Whether a token needs no renewal. */
    boolean goodEnough(OAuthToken token) {
        synchronized (lock) {
            return known.goodEnough(token);
        }
    }

    /** A renewal ended, with or without a token. */
    void renewalEnded() {
        synchronized (lock) {
            renewing = false;
        }
        answerAll();
    }

    /** Takes over how a renewal or an operator's action ended. */
    Change renewed(TokenState state) {
        synchronized (lock) {
            var change = adopt(state);
            known.recovered();
            endpointPause.succeeded();
            storePause.succeeded();
            if (change.token().isPresent()) {
                known.renewed();
                renewedAt = OptionalLong.of(nanoTime.getAsLong());
            }
            return change;
        }
    }

    /** Takes over what is stored: another token is a reason to ask the endpoint again. */
    Change found(TokenState state) {
        synchronized (lock) {
            var before = known.token();
            var change = adopt(state);
            if (!known.token().equals(before)) {
                known.recovered();
                endpointPause.succeeded();
            }
            return change;
        }
    }

    /** The endpoint failed; returns how long it is left alone. */
    Duration endpointFailed(String message, Optional<Duration> retryAfter) {
        synchronized (lock) {
            known.failed(message);
            return endpointPause.failed(retryAfter);
        }
    }

    /** The store failed; returns how long it is left alone. */
    Duration storeFailed(String message) {
        synchronized (lock) {
            known.failed(message);
            return storePause.failed(Optional.empty());
        }
    }

    /** An operator's action failed. */
    void actionFailed(String message) {
        synchronized (lock) {
            known.failed(message);
        }
    }

    /** The store cannot be read; tells whether that is news. */
    boolean unreadable(String message) {
        synchronized (lock) {
            return known.unreadable(message);
        }
    }

    @GuardedBy("lock")
    private Change adopt(TokenState state) {
        known.readable();
        var before = known.token();
        var complaint = known.adopt(state);
        boolean another = state instanceof TokenState.Held && !known.token().equals(before);
        return new Change(another ? known.token() : Optional.empty(), complaint);
    }

    @GuardedBy("lock")
    private void beginWhenDue() {
        if (endpointPause.due() && storePause.due()) {
            begin();
        }
    }

    @GuardedBy("lock")
    private void begin() {
        if (!closed && !renewing) {
            renewingSince = nanoTime.getAsLong();
            renewing = renewal.getAsBoolean();
        }
    }

    @GuardedBy("lock")
    private boolean justRenewed() {
        return renewedAt.isPresent() && nanoTime.getAsLong() - renewedAt.getAsLong() < JUST_RENEWED_NANOS;
    }

    /** The answer of the running renewal, or without one what is at hand. */
    @GuardedBy("lock")
    private CompletionStage<UpstreamCredential> shared(String refused) {
        long now = nanoTime.getAsLong();
        if (!renewing || closed || now - renewingSince >= LONGEST_RENEWAL_NANOS) {
            return answered(refused);
        }
        var answer = new CompletableFuture<UpstreamCredential>();
        waiters.add(new Waiter(answer, refused, now));
        return answer;
    }

    @GuardedBy("lock")
    private CompletionStage<UpstreamCredential> answered(String refused) {
        var answer = new CompletableFuture<UpstreamCredential>();
        known.answer(refused).accept(answer);
        return answer;
    }

    /** Callers' actions run here, so without the lock. */
    private void answer(List<Waiter> whom) {
        for (var waiter : whom) {
            Consumer<CompletableFuture<UpstreamCredential>> answer;
            synchronized (lock) {
                answer = known.answer(waiter.refused());
            }
            answer.accept(waiter.answer());
        }
    }

    /**
     * What is new for the log.
     *
     * @param token another than before
     * @param complaint what an operator must hear
     */
    record Change(Optional<OAuthToken> token, Optional<String> complaint) {}
}
