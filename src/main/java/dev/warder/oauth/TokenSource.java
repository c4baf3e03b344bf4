package dev.warder.oauth;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.credential.CredentialSource;
import dev.warder.credential.UpstreamCredential;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A managed credential that renews itself when it is needed. At the advisory age of its token one renewal runs in the
 * background while callers use the token they have; at the mandatory age they share one and wait for it, 10 s at the most:
 * then, or when it fails, they get the old token as long as it lives. After a failure the endpoint has a pause
 * ({@link BackOff}), in which callers are answered at once.
 *
 * <p>A token that the upstream refused is renewed once for all its callers, unless it is younger than 10 s: what is refused
 * at once is not mended by another.
 *
 * <p>Thread-safe. Stores and endpoints are waited for on the one thread of the source, where callers' actions run too when
 * they had to wait.
 */
final class TokenSource implements CredentialSource, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TokenSource.class);
    private static final long LONGEST_WAIT_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long JUST_RENEWED_NANOS = Duration.ofSeconds(10).toNanos();

    private final String name;
    private final TokenIssuer issuer;
    private final Surroundings surroundings;
    private final Worker worker;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final KnownToken known;

    @GuardedBy("lock")
    private final BackOff backOff;

    @GuardedBy("lock")
    private final List<Waiter> waiters = new ArrayList<>();

    @GuardedBy("lock")
    private boolean renewing;

    @GuardedBy("lock")
    private boolean looking;

    @GuardedBy("lock")
    private boolean closed;

    @GuardedBy("lock")
    private OptionalLong renewedAt = OptionalLong.empty();

    TokenSource(String name, TokenIssuer issuer, Surroundings surroundings) {
        this.name = name;
        this.issuer = issuer;
        this.surroundings = surroundings;
        worker = new Worker(surroundings.threads());
        known = new KnownToken(name, surroundings.clock());
        backOff = new BackOff(surroundings.nanoTime(), surroundings.random());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Kind kind() {
        return issuer.kind();
    }

    @Override
    public boolean renewable() {
        return true;
    }

    @Override
    public Optional<String> outOfUse() {
        synchronized (lock) {
            return known.outOfUse();
        }
    }

    @Override
    public Optional<Instant> expiry() {
        synchronized (lock) {
            return known.expiry();
        }
    }

    @Override
    public CompletionStage<UpstreamCredential> current() {
        synchronized (lock) {
            var age = known.age();
            if (age == Age.FRESH || known.terminal().isPresent()) {
                return answered("");
            }
            beginWhenDue();
            return age == Age.ADVISORY ? answered("") : shared("");
        }
    }

    @Override
    public CompletionStage<UpstreamCredential> inPlaceOf(UpstreamCredential refused) {
        String value = value(refused);
        synchronized (lock) {
            if (!known.is(value)) {
                return current();
            }
            known.refuse(value);
            if (known.terminal().isPresent() || (!renewing && justRenewed())) {
                return answered(value);
            }
            beginWhenDue();
            return shared(value);
        }
    }

    /** Looks at what is stored for the first time, and says what is odd about it. Does not wait. */
    void start() {
        worker.run(() -> issuer.warning().ifPresent(text -> LOG.warn("{}", text)));
        tick();
    }

    /** Looks at what is stored, and ends waiting that took too long; to be called once a second. Does not wait. */
    void tick() {
        List<Waiter> late;
        synchronized (lock) {
            long now = surroundings.nanoTime().getAsLong();
            late = waiters.stream()
                    .filter(waiter -> now - waiter.since() >= LONGEST_WAIT_NANOS)
                    .toList();
            waiters.removeAll(late);
            if (issuer.unsaved()) {
                beginWhenDue();
            } else if (!closed && !looking) {
                looking = worker.run(this::lookOnce);
            }
        }
        answer(late);
    }

    /** Ends the thread; who waits is told that there is nothing to wait for. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
        }
        issuer.close();
        worker.close();
        answerAll();
    }

    /** Does an operator's work on the source's thread and takes over what comes of it. */
    CompletionStage<CredentialStatus> operate(Operation work) {
        var done = new CompletableFuture<CredentialStatus>();
        Runnable task = () -> {
            try {
                var state = work.run();
                renewed(state);
                if (state instanceof TokenState.Refused refused) {
                    throw new ControlException(refused.reason());
                }
                done.complete(status());
            } catch (ControlException refused) {
                done.completeExceptionally(refused);
            } catch (TokenStoreException | EndpointException failed) {
                String message = String.valueOf(failed.getMessage());
                note(message);
                done.completeExceptionally(new ControlException("Credential " + name + ": " + message));
            } catch (RuntimeException | Error fault) {
                LOG.error("Credential {}: an operator's action failed", name, fault);
                done.completeExceptionally(new ControlException("Credential " + name + ": failed, see the log"));
            }
        };
        if (!worker.run(task)) {
            done.completeExceptionally(new ControlException("Warder is shutting down"));
        }
        return done;
    }

    /** How it stands, after a look at what is stored. */
    CompletionStage<CredentialStatus> looked() {
        var done = new CompletableFuture<CredentialStatus>();
        Runnable task = () -> {
            look();
            done.complete(status());
        };
        if (!worker.run(task)) {
            done.complete(status());
        }
        return done;
    }

    private CredentialStatus status() {
        synchronized (lock) {
            return known.status(kind().word(), issuer.place());
        }
    }

    @GuardedBy("lock")
    private void beginWhenDue() {
        if (!closed && !renewing && backOff.due()) {
            renewing = worker.run(this::renew);
        }
    }

    @GuardedBy("lock")
    private boolean justRenewed() {
        return renewedAt.isPresent()
                && surroundings.nanoTime().getAsLong() - renewedAt.getAsLong() < JUST_RENEWED_NANOS;
    }

    /** The answer of the running renewal, or without one what is at hand. */
    @GuardedBy("lock")
    private CompletionStage<UpstreamCredential> shared(String refused) {
        if (!renewing) {
            return answered(refused);
        }
        var answer = new CompletableFuture<UpstreamCredential>();
        waiters.add(new Waiter(answer, refused, surroundings.nanoTime().getAsLong()));
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

    private void answerAll() {
        List<Waiter> all;
        synchronized (lock) {
            all = List.copyOf(waiters);
            waiters.clear();
        }
        answer(all);
    }

    private void renew() {
        try {
            lookFirst();
            if (!settledMeanwhile()) {
                renewed(issuer.renew(new TokenIssuer.Wish(this::goodEnough, false)));
            }
        } catch (EndpointException failed) {
            failed(String.valueOf(failed.getMessage()), failed.retryAfter());
        } catch (TokenStoreException failed) {
            failed(String.valueOf(failed.getMessage()), Optional.empty());
        } catch (RuntimeException | Error fault) {
            LOG.error("Credential {}: the renewal failed", name, fault);
            failed("the renewal failed, see the log", Optional.empty());
        } finally {
            synchronized (lock) {
                renewing = false;
            }
            answerAll();
        }
    }

    /** The token that is stored goes on while it lives, should its renewal fail. */
    private void lookFirst() {
        boolean nothingKnown;
        synchronized (lock) {
            nothingKnown = known.token().isEmpty() && !closed;
        }
        if (nothingKnown) {
            look();
        }
    }

    private boolean settledMeanwhile() {
        synchronized (lock) {
            boolean settled = known.terminal().isPresent()
                    || known.token().filter(known::goodEnough).isPresent();
            return closed || (settled && !issuer.unsaved());
        }
    }

    private boolean goodEnough(OAuthToken token) {
        synchronized (lock) {
            return known.goodEnough(token);
        }
    }

    private void renewed(TokenState state) {
        Optional<String> news;
        boolean another;
        synchronized (lock) {
            var before = known.token();
            news = known.adopt(state);
            another = state instanceof TokenState.Held && !known.token().equals(before);
            known.readable();
            known.recovered();
            backOff.succeeded();
            if (another) {
                known.renewed();
                renewedAt = OptionalLong.of(surroundings.nanoTime().getAsLong());
            }
        }
        news.ifPresent(text -> LOG.error("{}", text));
        if (another && state instanceof TokenState.Held held) {
            LOG.info(
                    "Credential {}: has a new token until {}",
                    name,
                    held.token().expiry());
        }
    }

    private void failed(String message, Optional<Duration> retryAfter) {
        Duration pause;
        synchronized (lock) {
            pause = backOff.failed(retryAfter);
            known.failed(message);
        }
        LOG.warn("Credential {}: not renewed: {}; asking again after {} ms", name, message, pause.toMillis());
    }

    private void note(String message) {
        synchronized (lock) {
            known.failed(message);
        }
        LOG.warn("Credential {}: {}", name, message);
    }

    private void lookOnce() {
        look();
        synchronized (lock) {
            looking = false;
        }
    }

    /** What another process has stored counts from now on, and is a reason to ask the endpoint again. */
    private void look() {
        try {
            issuer.look().ifPresent(this::found);
        } catch (TokenStoreException unreadable) {
            problem(String.valueOf(unreadable.getMessage()));
        } catch (RuntimeException | Error fault) {
            LOG.error("Credential {}: the store could not be read", name, fault);
            problem("the store could not be read, see the log");
        }
    }

    private void found(TokenState state) {
        Optional<String> news;
        synchronized (lock) {
            known.readable();
            var before = known.token();
            news = known.adopt(state);
            if (!known.token().equals(before)) {
                known.recovered();
                backOff.succeeded();
            }
        }
        news.ifPresent(text -> LOG.error("{}", text));
    }

    private void problem(String message) {
        boolean news;
        synchronized (lock) {
            news = known.unreadable(message);
        }
        if (news) {
            LOG.warn("Credential {}: {}", name, message);
        }
    }

    private static String value(UpstreamCredential credential) {
        return credential instanceof UpstreamCredential.BearerToken token
                ? token.value()
                : ((UpstreamCredential.ApiKey) credential).value();
    }

    /** Work of an operator's that ends with another state. */
    interface Operation {
        TokenState run() throws TokenStoreException, EndpointException, ControlException;
    }
}
