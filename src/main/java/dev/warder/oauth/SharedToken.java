package dev.warder.oauth;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.credential.CredentialSource;
import dev.warder.credential.UpstreamCredential;
import dev.warder.oauth.TokenIssuer.TokenState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A token as its callers share it: what is known of it, the results of recent attempts, and which callers wait for a
 * renewal. At most one renewal runs, and the next begins after a pause. Thread-safe; no thread waits in it.
 */
final class SharedToken {
    private static final String NO_LOGIN = "no login is stored";
    private static final int SHORTEST_SHOWN = 32;
    private static final long JUST_RENEWED_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long LONGEST_WAIT_NANOS = Duration.ofSeconds(10).toNanos();

    /** Far above the sum of all limits of a renewal: a longer one hangs in a file system, and is useless. */
    private static final long LONGEST_RENEWAL_NANOS = Duration.ofMinutes(3).toNanos();

    /** Storing a token again costs nothing, and until then a restart would lose the login. */
    private static final Duration LONGEST_STORE_PAUSE = Duration.ofSeconds(10);

    private final String name;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final BooleanSupplier renewal;

    @GuardedBy("this")
    private final BackOff endpointPause;

    @GuardedBy("this")
    private final BackOff storePause;

    @GuardedBy("this")
    private final List<Waiter> waiters = new ArrayList<>();

    @GuardedBy("this")
    private @Nullable OAuthToken token;

    /** The value that the upstream refused; it never counts as good enough again. */
    @GuardedBy("this")
    private @Nullable String refusedValue;

    @GuardedBy("this")
    private @Nullable String terminal;

    @GuardedBy("this")
    private @Nullable Instant lastRenewal;

    @GuardedBy("this")
    private @Nullable String lastError;

    @GuardedBy("this")
    private @Nullable String storeProblem;

    @GuardedBy("this")
    private boolean running;

    @GuardedBy("this")
    private boolean closed;

    @GuardedBy("this")
    private long runningSince;

    @GuardedBy("this")
    private OptionalLong renewedAt = OptionalLong.empty();

    /** @param renewal begins a renewal on another thread, unless it is too late for that */
    SharedToken(String name, TokenSources.Resources resources, BooleanSupplier renewal) {
        this.name = name;
        this.clock = resources.clock();
        this.nanoTime = resources.nanoTime();
        this.renewal = renewal;
        endpointPause = new BackOff(nanoTime, resources.random(), BackOff.LONGEST);
        storePause = new BackOff(nanoTime, resources.random(), LONGEST_STORE_PAUSE);
    }

    synchronized Optional<String> outOfUse() {
        return usable().isPresent() ? Optional.empty() : Optional.ofNullable(terminal);
    }

    synchronized boolean isUsable() {
        return usable().isPresent();
    }

    synchronized CredentialControl.Status status(String kind, String place) {
        var held = Optional.ofNullable(token);
        return new CredentialControl.Status(
                name,
                kind,
                place,
                held.flatMap(SharedToken::masked),
                held.flatMap(OAuthToken::account),
                held.map(OAuthToken::scopes).orElse(List.of()),
                held.map(OAuthToken::expiry),
                Optional.ofNullable(lastRenewal),
                problem(),
                outOfUse());
    }

    synchronized CompletionStage<UpstreamCredential> current() {
        var age = age();
        if (age == Age.FRESH || terminal != null) {
            return completed("");
        }
        beginWhenDue();
        return age == Age.ADVISORY ? completed("") : shared("");
    }

    synchronized CompletionStage<UpstreamCredential> inPlaceOf(String refused) {
        if (!is(refused)) {
            return current();
        }
        refusedValue = refused;
        if (terminal != null || !running && isJustRenewed()) {
            return completed(refused);
        }
        beginWhenDue();
        return shared(refused);
    }

    /** Begins a renewal that stores a token which could not be stored, even during the endpoint's pause. */
    synchronized void storeAgain() {
        if (!closed && !running && storePause.due()) {
            runningSince = nanoTime.getAsLong();
            running = renewal.getAsBoolean();
        }
    }

    void endLateWaiting() {
        complete(takeWaiters(LONGEST_WAIT_NANOS));
    }

    synchronized void close() {
        closed = true;
    }

    void completeAll() {
        complete(takeWaiters(0));
    }

    /**
     * Whether a renewal should first look at what is stored: that token is used while it is valid, should the renewal
     * fail.
     */
    synchronized boolean isUnknown() {
        return token == null && !closed;
    }

    synchronized boolean isSettled() {
        return closed || terminal != null || token != null && goodEnough(token);
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized boolean goodEnough(OAuthToken candidate) {
        return Age.of(candidate, clock.instant()) == Age.FRESH
                && !candidate.accessToken().equals(refusedValue);
    }

    void renewalEnded() {
        synchronized (this) {
            running = false;
        }
        completeAll();
    }

    synchronized Change renewed(TokenState state) {
        var change = adopt(state);
        lastError = null;
        endpointPause.succeeded();
        storePause.succeeded();
        if (change.token().isPresent()) {
            lastRenewal = clock.instant();
            renewedAt = OptionalLong.of(nanoTime.getAsLong());
        }
        return change;
    }

    /** Takes over what is stored: another token is a reason to send a request to the endpoint again. */
    synchronized Change found(TokenState state) {
        var before = Optional.ofNullable(token);
        var change = adopt(state);
        if (!Optional.ofNullable(token).equals(before)) {
            lastError = null;
            endpointPause.succeeded();
        }
        return change;
    }

    synchronized Duration endpointFailed(String message, Optional<Duration> retryAfter) {
        lastError = message;
        return endpointPause.failed(retryAfter);
    }

    synchronized Duration storeFailed(String message) {
        lastError = message;
        return storePause.failed(Optional.empty());
    }

    synchronized void actionFailed(String message) {
        lastError = message;
    }

    /** Notes why the store cannot be read; returns whether that is news. */
    synchronized boolean unreadable(String message) {
        boolean news = !message.equals(storeProblem);
        storeProblem = message;
        return news;
    }

    @GuardedBy("this")
    private Age age() {
        return token == null ? Age.EXPIRED : Age.of(token, clock.instant());
    }

    @GuardedBy("this")
    private boolean is(String value) {
        return token != null && token.accessToken().equals(value);
    }

    /** The token for callers, until its end, unless upstream and endpoint both refused it. */
    @GuardedBy("this")
    private Optional<OAuthToken> usable() {
        var held = token;
        boolean refused = held != null && terminal != null && held.accessToken().equals(refusedValue);
        return refused || age() == Age.EXPIRED ? Optional.empty() : Optional.ofNullable(held);
    }

    @GuardedBy("this")
    private boolean isJustRenewed() {
        return renewedAt.isPresent() && nanoTime.getAsLong() - renewedAt.getAsLong() < JUST_RENEWED_NANOS;
    }

    @GuardedBy("this")
    private void beginWhenDue() {
        if (endpointPause.due()) {
            storeAgain();
        }
    }

    /** The result of the running renewal, or without one the current token or failure. */
    @GuardedBy("this")
    private CompletionStage<UpstreamCredential> shared(String refused) {
        long now = nanoTime.getAsLong();
        if (!running || closed || now - runningSince >= LONGEST_RENEWAL_NANOS) {
            return completed(refused);
        }
        var result = new CompletableFuture<UpstreamCredential>();
        waiters.add(new Waiter(result, refused, now));
        return result;
    }

    @GuardedBy("this")
    private CompletionStage<UpstreamCredential> completed(String refused) {
        var result = new CompletableFuture<UpstreamCredential>();
        result(refused).accept(result);
        return result;
    }

    /** The callers that have waited for at least so many nanoseconds; they wait no longer. */
    private synchronized List<Waiter> takeWaiters(long waited) {
        long now = nanoTime.getAsLong();
        var taken = waiters.stream()
                .filter(waiter -> now - waiter.since() >= waited)
                .toList();
        // Not removeAll, which would compare each one with each other.
        waiters.removeIf(waiter -> now - waiter.since() >= waited);
        return taken;
    }

    /** Callers' actions run here, and therefore without the lock. */
    private void complete(List<Waiter> taken) {
        for (var waiter : taken) {
            result(waiter.refused()).accept(waiter.result());
        }
    }

    /** The result for a caller that does not want {@code refused} again; to be passed on when no lock is held. */
    private synchronized Consumer<CompletableFuture<UpstreamCredential>> result(String refused) {
        var value = usable().map(OAuthToken::accessToken).filter(held -> !held.equals(refused));
        if (value.isPresent()) {
            var credential = new UpstreamCredential.BearerToken(value.get(), true);
            return result -> result.complete(credential);
        }
        var why = terminal == null
                ? CredentialSource.UnavailableException.passing(passingReason(refused))
                : CredentialSource.UnavailableException.terminal(terminal);
        return result -> result.completeExceptionally(why);
    }

    @GuardedBy("this")
    private Optional<String> problem() {
        return Optional.ofNullable(storeProblem == null ? lastError : storeProblem);
    }

    @GuardedBy("this")
    private String passingReason(String refused) {
        return problem()
                .orElse(is(refused) ? "the upstream refused a token that was just renewed" : "no token came in time");
    }

    private static Optional<String> masked(OAuthToken token) {
        String value = token.accessToken();
        return value.length() < SHORTEST_SHOWN
                ? Optional.empty()
                : Optional.of(value.substring(0, 8) + "…" + value.substring(value.length() - 4));
    }

    @GuardedBy("this")
    private Change adopt(TokenState state) {
        storeProblem = null;
        var before = token;
        var terminalBefore = terminal;
        replace(state);
        boolean another = state instanceof TokenState.Held held && !held.token().equals(before);
        boolean news = terminal != null && !terminal.equals(terminalBefore);
        return new Change(
                another ? Optional.ofNullable(token) : Optional.empty(),
                news
                        ? Optional.of("Credential " + name + " needs an operator: " + terminal
                                + " (java -jar warder.war auth login " + name + ", or /admin/credentials)")
                        : Optional.empty(),
                terminalBefore != null && terminal == null);
    }

    @GuardedBy("this")
    private void replace(TokenState state) {
        if (state instanceof TokenState.Held held) {
            token = held.token();
            terminal = age() == Age.EXPIRED ? held.end().orElse(null) : null;
        } else if (state instanceof TokenState.Refused refused) {
            token = refused.token();
            terminal = refused.reason();
        } else {
            token = null;
            terminal = NO_LOGIN;
        }
    }

    /** How near the end of an access token is. */
    private enum Age {
        FRESH,
        ADVISORY,
        /** Callers wait for another token. */
        MANDATORY,
        EXPIRED;

        private static final Duration ADVISORY_LEFT = Duration.ofMinutes(5);
        private static final Duration MANDATORY_LEFT = Duration.ofSeconds(30);

        /** Tokens with a shorter lifetime than this are renewed by fractions of their lifetime. */
        private static final Duration SHORT = Duration.ofMinutes(15);

        static Age of(OAuthToken token, Instant now) {
            var left = Duration.between(now, token.expiry());
            if (left.isNegative() || left.isZero()) {
                return EXPIRED;
            }
            if (left.compareTo(part(token, MANDATORY_LEFT, 10)) <= 0) {
                return MANDATORY;
            }
            return left.compareTo(part(token, ADVISORY_LEFT, 3)) <= 0 ? ADVISORY : FRESH;
        }

        private static Duration part(OAuthToken token, Duration usual, int share) {
            return token.lifetime()
                    .filter(life -> life.compareTo(SHORT) < 0)
                    .map(life -> life.dividedBy(share))
                    .orElse(usual);
        }
    }

    /**
     * News for the log after a renewal, an operator's action, or a look at the store.
     *
     * @param token another token than before
     * @param complaint what to report to an operator
     * @param helped whether the problem that was reported before is over
     */
    record Change(Optional<OAuthToken> token, Optional<String> complaint, boolean helped) {}

    /**
     * A caller that waits for a renewal.
     *
     * @param refused the value that was refused and that the caller must not get again; empty when there is none
     * @param since when it began to wait, by a clock that never goes back
     */
    private record Waiter(CompletableFuture<UpstreamCredential> result, String refused, long since) {}
}
