package dev.warder.oauth;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.credential.UpstreamCredential;
import dev.warder.oauth.KnownToken.Age;
import dev.warder.oauth.KnownToken.TokenChange;
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
 * A token as its callers share it: what is known of it, whether it is being renewed, and which callers wait for that.
 * It starts a renewal when one is due, and receives its result. One lock covers all of it, and each method is a step
 * under that lock. Thread-safe; no thread waits in it.
 */
final class SharedToken {
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final KnownToken known;

    @GuardedBy("lock")
    private final RenewalTurn turn;

    @GuardedBy("lock")
    private final Waiters waiters;

    /** @param renewal begins a renewal on another thread, unless it is too late for that */
    SharedToken(String name, RenewalResources resources, BooleanSupplier renewal) {
        known = new KnownToken(name, resources.clock());
        turn = new RenewalTurn(resources, renewal);
        waiters = new Waiters(resources.nanoTime());
    }

    Optional<String> outOfUse() {
        synchronized (lock) {
            return known.outOfUse();
        }
    }

    boolean isUsable() {
        synchronized (lock) {
            return known.usable().isPresent();
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

    CompletionStage<UpstreamCredential> current() {
        synchronized (lock) {
            var age = known.age();
            if (age == Age.FRESH || known.terminal().isPresent()) {
                return completed("");
            }
            turn.beginWhenDue();
            return age == Age.ADVISORY ? completed("") : shared("");
        }
    }

    CompletionStage<UpstreamCredential> inPlaceOf(String refused) {
        synchronized (lock) {
            if (!known.is(refused)) {
                return current();
            }
            known.refuse(refused);
            if (known.terminal().isPresent() || (!turn.isRunning() && turn.justRenewed())) {
                return completed(refused);
            }
            turn.beginWhenDue();
            return shared(refused);
        }
    }

    /** Begins a renewal to store a token that could not be stored, even during the endpoint's pause. */
    void storeAgain() {
        synchronized (lock) {
            turn.beginToStore();
        }
    }

    void endLateWaiting() {
        List<Waiter> late;
        synchronized (lock) {
            late = waiters.takeLate();
        }
        complete(late);
    }

    void close() {
        synchronized (lock) {
            turn.close();
        }
    }

    void completeAll() {
        List<Waiter> all;
        synchronized (lock) {
            all = waiters.takeAll();
        }
        complete(all);
    }

    /**
     * Whether a renewal should first look at what is stored: that token is used while it is valid, should the renewal
     * fail.
     */
    boolean isUnknown() {
        synchronized (lock) {
            return known.token().isEmpty() && !turn.isClosed();
        }
    }

    boolean isSettled() {
        synchronized (lock) {
            return turn.isClosed()
                    || known.terminal().isPresent()
                    || known.token().filter(known::goodEnough).isPresent();
        }
    }

    boolean isClosed() {
        synchronized (lock) {
            return turn.isClosed();
        }
    }

    boolean goodEnough(OAuthToken token) {
        synchronized (lock) {
            return known.goodEnough(token);
        }
    }

    void renewalEnded() {
        synchronized (lock) {
            turn.ended();
        }
        completeAll();
    }

    TokenChange renewed(TokenState state) {
        synchronized (lock) {
            var change = known.adopt(state);
            known.recovered();
            turn.endPauses();
            if (change.token().isPresent()) {
                known.renewed();
                turn.renewed();
            }
            return change;
        }
    }

    /** Takes over what is stored: another token is a reason to send a request to the endpoint again. */
    TokenChange found(TokenState state) {
        synchronized (lock) {
            var before = known.token();
            var change = known.adopt(state);
            if (!known.token().equals(before)) {
                known.recovered();
                turn.endEndpointPause();
            }
            return change;
        }
    }

    Duration endpointFailed(String message, Optional<Duration> retryAfter) {
        synchronized (lock) {
            known.failed(message);
            return turn.endpointFailed(retryAfter);
        }
    }

    Duration storeFailed(String message) {
        synchronized (lock) {
            known.failed(message);
            return turn.storeFailed();
        }
    }

    void actionFailed(String message) {
        synchronized (lock) {
            known.failed(message);
        }
    }

    boolean unreadable(String message) {
        synchronized (lock) {
            return known.unreadable(message);
        }
    }

    /** The result of the running renewal, or without one the current token or failure. */
    @GuardedBy("lock")
    private CompletionStage<UpstreamCredential> shared(String refused) {
        return turn.isPromising() ? waiters.add(refused) : completed(refused);
    }

    @GuardedBy("lock")
    private CompletionStage<UpstreamCredential> completed(String refused) {
        var result = new CompletableFuture<UpstreamCredential>();
        known.result(refused).accept(result);
        return result;
    }

    /** Callers' actions run here, and therefore without the lock. */
    private void complete(List<Waiter> whom) {
        for (var waiter : whom) {
            Consumer<CompletableFuture<UpstreamCredential>> result;
            synchronized (lock) {
                result = known.result(waiter.refused());
            }
            result.accept(waiter.result());
        }
    }

    /** Callers that wait for a renewal, each for at most 10 s. One thread at a time. */
    private static final class Waiters {
        private static final long LONGEST_NANOS = Duration.ofSeconds(10).toNanos();

        private final LongSupplier nanoTime;
        private final List<Waiter> all = new ArrayList<>();

        Waiters(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
        }

        CompletionStage<UpstreamCredential> add(String refused) {
            var result = new CompletableFuture<UpstreamCredential>();
            all.add(new Waiter(result, refused, nanoTime.getAsLong()));
            return result;
        }

        List<Waiter> takeLate() {
            long now = nanoTime.getAsLong();
            var late = all.stream()
                    .filter(waiter -> now - waiter.since() >= LONGEST_NANOS)
                    .toList();
            all.removeAll(late);
            return late;
        }

        List<Waiter> takeAll() {
            var everybody = List.copyOf(all);
            all.clear();
            return everybody;
        }
    }

    /** The turn of renewals: at most one runs, and the next begins after a pause. One thread at a time. */
    static final class RenewalTurn {
        private static final long JUST_RENEWED_NANOS = Duration.ofSeconds(10).toNanos();

        /** Far above the sum of all limits of a renewal: a longer one hangs in a file system, and is useless. */
        private static final long LONGEST_NANOS = Duration.ofMinutes(3).toNanos();

        /** Storing a token again costs nothing, and until then a restart would lose the login. */
        private static final Duration LONGEST_STORE_PAUSE = Duration.ofSeconds(10);

        private final LongSupplier nanoTime;
        private final BooleanSupplier renewal;
        private final BackOff endpointPause;
        private final BackOff storePause;
        private boolean running;
        private boolean closed;
        private long since;
        private OptionalLong renewedAt = OptionalLong.empty();

        /** @param renewal begins a renewal on another thread, unless it is too late for that */
        RenewalTurn(RenewalResources resources, BooleanSupplier renewal) {
            this.nanoTime = resources.nanoTime();
            this.renewal = renewal;
            endpointPause = new BackOff(nanoTime, resources.random(), BackOff.LONGEST);
            storePause = new BackOff(nanoTime, resources.random(), LONGEST_STORE_PAUSE);
        }

        void beginWhenDue() {
            if (endpointPause.due()) {
                beginToStore();
            }
        }

        /** Begins a renewal that sends no request to an endpoint, unless one runs or the store failed recently. */
        void beginToStore() {
            if (!closed && !running && storePause.due()) {
                since = nanoTime.getAsLong();
                running = renewal.getAsBoolean();
            }
        }

        void ended() {
            running = false;
        }

        void close() {
            closed = true;
        }

        boolean isClosed() {
            return closed;
        }

        boolean isRunning() {
            return running;
        }

        boolean isPromising() {
            return running && !closed && nanoTime.getAsLong() - since < LONGEST_NANOS;
        }

        boolean justRenewed() {
            return renewedAt.isPresent() && nanoTime.getAsLong() - renewedAt.getAsLong() < JUST_RENEWED_NANOS;
        }

        void renewed() {
            renewedAt = OptionalLong.of(nanoTime.getAsLong());
        }

        Duration endpointFailed(Optional<Duration> retryAfter) {
            return endpointPause.failed(retryAfter);
        }

        Duration storeFailed() {
            return storePause.failed(Optional.empty());
        }

        void endEndpointPause() {
            endpointPause.succeeded();
        }

        void endPauses() {
            endpointPause.succeeded();
            storePause.succeeded();
        }
    }

    /**
     * A caller that waits for a renewal.
     *
     * @param refused the value that was refused and that the caller must not get again; empty when there is none
     * @param since when it began to wait, by a clock that never goes back
     */
    record Waiter(CompletableFuture<UpstreamCredential> result, String refused, long since) {}
}
