package dev.warder.oauth;

import dev.warder.auth.Client;
import dev.warder.container.Pools;
import dev.warder.credential.CredentialSource;
import dev.warder.credential.UpstreamCredential;
import dev.warder.oauth.CredentialControl.AuthorizationRequest;
import dev.warder.oauth.CredentialControl.ControlException;
import dev.warder.oauth.TokenEndpoint.EndpointException;
import dev.warder.oauth.TokenIssuer.TokenState;
import dev.warder.oauth.TokenStore.TokenStoreException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A managed credential that renews itself when it is needed. At the advisory age of its token one renewal runs in the
 * background while callers use the token they have. At the mandatory age they share one renewal and wait for it, at
 * most 10 s. After that, or when it fails, they get the old token as long as it is valid. After a failure there is a
 * pause ({@link BackOff}), in which callers get a result at once.
 *
 * <p>A token that the upstream refused is renewed once for all its callers, unless it is younger than 10 s: if the
 * upstream refuses a token at once, another one does not help.
 *
 * <p>Thread-safe. Only the one thread of the source waits for stores and endpoints: it renews, looks at what is stored and
 * writes the log. The actions of callers that had to wait run on it too. Workload identity supports no login.
 */
public final class TokenSource implements CredentialSource, CredentialControl, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TokenSource.class);
    private static final String SEE_LOG = ", see the log";

    /** RFC 6749, appendix A.11. */
    private static final Pattern CODE = Pattern.compile("[ -~]{1,4096}");

    /** A store's own limit plus a little: a token that is being stored would be lost with its thread. */
    private static final long END_MILLIS = 6000;

    /** Work for an operator, on the thread of a source. */
    @FunctionalInterface
    interface Operation {
        TokenState run() throws TokenStoreException, EndpointException, ControlException;
    }

    private final String name;
    private final TokenIssuer issuer;
    private final ExecutorService thread;
    private final SharedToken token;
    private final PendingLogins pending;
    private final AtomicBoolean looking = new AtomicBoolean();

    public TokenSource(String name, TokenIssuer issuer, TokenSources.Resources resources) {
        this.name = name;
        this.issuer = issuer;
        thread = Pools.single(resources.threads());
        pending = new PendingLogins(resources.random(), resources.nanoTime());
        token = new SharedToken(name, resources, () -> run(this::renew));
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
    public CompletionStage<UpstreamCredential> current(Client client) {
        return token.current();
    }

    @Override
    public CompletionStage<UpstreamCredential> inPlaceOf(UpstreamCredential refused) {
        return token.inPlaceOf(((UpstreamCredential.BearerToken) refused).value());
    }

    /** Looks at what is stored for the first time, and logs what is unusual about it. Does not wait. */
    public void start() {
        run(() -> issuer.warning().ifPresent(text -> LOG.warn("{}", text)));
        tick();
    }

    /** Looks at what is stored, and ends waiting that took too long; to be called once a second. Does not wait. */
    public void tick() {
        if (issuer.unsaved()) {
            token.storeAgain();
        } else if (looking.compareAndSet(false, true) && !run(this::lookOnce)) {
            looking.set(false);
        }
        token.endLateWaiting();
    }

    /**
     * Ends the thread after running and waiting tasks, without an interruption, which would abort the writing of a file.
     * Waiting callers wait no longer, and get the current token or a failure.
     */
    @Override
    public void close() {
        token.close();
        issuer.close();
        thread.shutdown();
        try {
            if (!thread.awaitTermination(END_MILLIS, TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException stop) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
        token.completeAll();
    }

    @Override
    public AuthorizationRequest beginLogin() throws ControlException {
        if (issuer instanceof StoredLogins logins) {
            return logins.client.authorize(pending.begin());
        }
        throw new ControlException(noLogin());
    }

    @Override
    public CompletionStage<CredentialControl.Status> finishLogin(String code, String state) {
        if (!(issuer instanceof StoredLogins logins)) {
            return refused(noLogin());
        }
        var begun = pending.take(state);
        if (begun.isEmpty()) {
            return refused(
                    "This login was not begun here, was used already, or is older than ten minutes; begin again.");
        }
        if (!CODE.matcher(code).matches()) {
            return refused("This is no authorization code; begin again.");
        }
        return operate(() -> logins.login(logins.client.exchange(code, begun.get())));
    }

    @Override
    public CompletionStage<CredentialControl.Status> refresh() {
        return operate(() -> {
            var state = issuer.renew(new TokenIssuer.Wish(token -> false, true));
            if (state instanceof TokenState.Absent) {
                throw new ControlException("No one has logged in to credential " + name + "; log in first.");
            }
            return state;
        });
    }

    @Override
    public CompletionStage<CredentialControl.Status> logout() {
        return issuer instanceof StoredLogins logins ? operate(logins::logout) : refused(noLogin());
    }

    private String noLogin() {
        return "Credential " + name + " is workload identity: there is no login to begin or to forget.";
    }

    private static CompletionStage<CredentialControl.Status> refused(String message) {
        return CompletableFuture.failedFuture(new ControlException(message));
    }

    /** Does an operator's work on the source's thread and takes over its result. */
    CompletionStage<CredentialControl.Status> operate(Operation work) {
        var done = new CompletableFuture<CredentialControl.Status>();
        boolean runs = run(() -> {
            try {
                perform(work);
                done.complete(statusNow());
            } catch (ControlException refused) {
                done.completeExceptionally(refused);
            }
        });
        if (!runs) {
            done.completeExceptionally(new ControlException("Warder is shutting down"));
        }
        return done;
    }

    @Override
    public CompletionStage<CredentialControl.Status> status() {
        var done = new CompletableFuture<CredentialControl.Status>();
        boolean runs = run(() -> {
            look();
            done.complete(statusNow());
        });
        if (!runs) {
            done.complete(statusNow());
        }
        return done;
    }

    /** Runs {@code task} after those before it; false when it will never run. */
    private boolean run(Runnable task) {
        try {
            thread.execute(task);
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        }
    }

    private CredentialControl.Status statusNow() {
        return token.status(kind().word(), issuer.place());
    }

    /** Renews, unless that is no longer needed, and completes the callers that wait for it. */
    private void renew() {
        try {
            if (token.isUnknown()) {
                look();
            }
            boolean needless = issuer.unsaved() ? token.isClosed() : token.isSettled();
            if (!needless) {
                renewed(issuer.renew(new TokenIssuer.Wish(token::goodEnough, false)));
            }
        } catch (EndpointException failed) {
            String message = String.valueOf(failed.getMessage());
            failed(message, token.endpointFailed(message, failed.retryAfter()));
        } catch (TokenStoreException failed) {
            String message = String.valueOf(failed.getMessage());
            failed(message, token.storeFailed(message));
        } catch (RuntimeException | Error fault) {
            LOG.error("Credential {}: the renewal failed", name, fault);
            String message = "the renewal failed" + SEE_LOG;
            failed(message, token.endpointFailed(message, Optional.empty()));
        } finally {
            token.renewalEnded();
        }
    }

    private void lookOnce() {
        try {
            look();
        } finally {
            looking.set(false);
        }
    }

    /** Takes over what is stored: what another process stored is used from now on. */
    private void look() {
        try {
            issuer.look().ifPresent(this::found);
        } catch (TokenStoreException unreadable) {
            String message = String.valueOf(unreadable.getMessage());
            if (token.unreadable(message)) {
                LOG.warn("Credential {}: {}", name, message);
            }
        } catch (RuntimeException | Error fault) {
            if (token.unreadable("the store could not be read" + SEE_LOG)) {
                LOG.error("Credential {}: the store could not be read", name, fault);
            }
        }
    }

    private void perform(Operation work) throws ControlException {
        try {
            var state = work.run();
            renewed(state);
            if (state instanceof TokenState.Refused refused) {
                throw new ControlException(refused.reason());
            }
        } catch (TokenStoreException | EndpointException failed) {
            String message = String.valueOf(failed.getMessage());
            token.actionFailed(message);
            LOG.warn("Credential {}: {}", name, message);
            throw new ControlException("Credential " + name + ": " + message);
        } catch (RuntimeException | Error fault) {
            LOG.error("Credential {}: an operator's action failed", name, fault);
            throw new ControlException("Credential " + name + ": failed" + SEE_LOG);
        }
    }

    private void renewed(TokenState state) {
        var change = token.renewed(state);
        complain(change);
        change.token()
                .ifPresent(another -> LOG.info("Credential {}: has a new token until {}", name, another.expiry()));
    }

    private void found(TokenState state) {
        var change = token.found(state);
        complain(change);
        if (change.helped()) {
            LOG.info("Credential {}: a new login was stored", name);
        }
    }

    private static void complain(SharedToken.Change change) {
        change.complaint().ifPresent(text -> LOG.error("{}", text));
    }

    private void failed(String message, Duration pause) {
        LOG.warn("Credential {}: not renewed: {}; trying again after {} ms", name, message, pause.toMillis());
    }
}
