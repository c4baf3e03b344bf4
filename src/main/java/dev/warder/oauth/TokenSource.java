package dev.warder.oauth;

import dev.warder.container.Pools;
import dev.warder.credential.CredentialSource;
import dev.warder.credential.UpstreamCredential;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A managed credential that renews itself when it is needed. At the advisory age of its token one renewal runs in the
 * background while callers use the token they have. At the mandatory age they share one renewal and wait for it, at
 * most 10 s. After that, or when it fails, they get the old token as long as it is valid. After a failure there is a
 * pause ({@link BackOff}), in which callers get a result at once.
 *
 * <p>A token that the upstream refused is renewed once for all its callers, unless it is younger than 10 s: if the
 * upstream refuses a token at once, another one does not help.
 *
 * <p>Thread-safe. Only the one thread of the source waits for stores and endpoints. The actions of callers that had to
 * wait run on it too.
 */
public final class TokenSource implements CredentialSource, AutoCloseable {
    /** Work for an operator, on the thread of a source. */
    @FunctionalInterface
    public interface Operation {
        TokenState run() throws TokenStoreException, EndpointException, ControlException;
    }

    private final String name;
    private final TokenIssuer issuer;
    private final Worker worker;
    private final SharedToken token;
    private final TokenRenewal renewal;
    private final AtomicBoolean looking = new AtomicBoolean();

    public TokenSource(String name, TokenIssuer issuer, RenewalResources resources) {
        this.name = name;
        this.issuer = issuer;
        worker = new Worker(resources.threads());
        token = new SharedToken(name, resources, this::beginRenewal);
        renewal = new TokenRenewal(name, issuer, token);
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
        return token.outOfUse();
    }

    @Override
    public boolean needsStore() {
        return kind() == Kind.OAUTH && !token.isUsable();
    }

    @Override
    public Optional<Instant> expiry() {
        return token.expiry();
    }

    @Override
    public CompletionStage<UpstreamCredential> current() {
        return token.current();
    }

    @Override
    public CompletionStage<UpstreamCredential> inPlaceOf(UpstreamCredential refused) {
        return token.inPlaceOf(value(refused));
    }

    /** Looks at what is stored for the first time, and logs what is unusual about it. Does not wait. */
    public void start() {
        worker.run(renewal::warn);
        tick();
    }

    /** Looks at what is stored, and ends waiting that took too long; to be called once a second. Does not wait. */
    public void tick() {
        if (issuer.unsaved()) {
            token.storeAgain();
        } else if (looking.compareAndSet(false, true) && !worker.run(this::lookOnce)) {
            looking.set(false);
        }
        token.endLateWaiting();
    }

    /** Ends the thread; waiting callers wait no longer, and get the current token or a failure. */
    @Override
    public void close() {
        token.close();
        issuer.close();
        worker.close();
        token.completeAll();
    }

    /** Does an operator's work on the source's thread and takes over its result. */
    public CompletionStage<CredentialStatus> operate(Operation work) {
        var done = new CompletableFuture<CredentialStatus>();
        Runnable task = () -> {
            try {
                renewal.operate(work);
                done.complete(status());
            } catch (ControlException refused) {
                done.completeExceptionally(refused);
            }
        };
        if (!worker.run(task)) {
            done.completeExceptionally(new ControlException("Warder is shutting down"));
        }
        return done;
    }

    public CompletionStage<CredentialStatus> looked() {
        var done = new CompletableFuture<CredentialStatus>();
        Runnable task = () -> {
            renewal.look();
            done.complete(status());
        };
        if (!worker.run(task)) {
            done.complete(status());
        }
        return done;
    }

    private boolean beginRenewal() {
        return worker.run(renewal::renew);
    }

    private void lookOnce() {
        try {
            renewal.look();
        } finally {
            looking.set(false);
        }
    }

    private CredentialStatus status() {
        return token.status(kind().word(), issuer.place());
    }

    private static String value(UpstreamCredential credential) {
        return credential instanceof UpstreamCredential.BearerToken bearer
                ? bearer.value()
                : ((UpstreamCredential.ApiKey) credential).value();
    }

    /** The one thread of a source, which waits for stores and endpoints. Thread-safe. */
    static final class Worker implements AutoCloseable {
        /** A store's own limit plus a little: a token that is being stored would be lost with its thread. */
        private static final long END_MILLIS = 6000;

        private final ExecutorService thread;

        Worker(ThreadFactory threads) {
            thread = Pools.single(threads);
        }

        /** Runs {@code task} after those before it; false when it will never run. */
        boolean run(Runnable task) {
            try {
                thread.execute(task);
                return true;
            } catch (RejectedExecutionException closed) {
                return false;
            }
        }

        /** Ends after running and waiting tasks, without an interruption, which would abort the writing of a file. */
        @Override
        public void close() {
            thread.shutdown();
            try {
                if (!thread.awaitTermination(END_MILLIS, TimeUnit.MILLISECONDS)) {
                    thread.shutdownNow();
                }
            } catch (InterruptedException stop) {
                thread.shutdownNow();
                Thread.currentThread().interrupt();
            }
        }
    }
}
