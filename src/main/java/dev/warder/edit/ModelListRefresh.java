package dev.warder.edit;

import dev.warder.auth.Client;
import dev.warder.credential.CredentialPool;
import dev.warder.credential.Upstream;
import dev.warder.credential.UpstreamCredential;
import dev.warder.json.JsonTree;
import dev.warder.upstream.CompleteResponse;
import dev.warder.upstream.CompleteResponse.NoResponseException;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks an upstream what its models can do, with the first of the operator's credentials that is usable and lists them: at first, every
 * 6 h, and 5 min after the first of several failures. It takes no part in the pool's choice and reports nothing to the
 * pool. A failure leaves what was known before. One thread at a time, which never waits.
 */
public final class ModelListRefresh {
    private static final Logger LOG = LoggerFactory.getLogger(ModelListRefresh.class);
    private static final Duration AGAIN = Duration.ofHours(6);
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(5);

    /** A login may happen at any time, and looking for one costs the upstream nothing. */
    private static final Duration WITHOUT_CREDENTIAL = Duration.ofMinutes(1);

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final int LONGEST = 1 << 20;

    private final Consumer<JsonObject> models;
    private final CredentialPool pool;
    private final LongSupplier nanoTime;
    private Optional<CredentialPool.Entry> asked = Optional.empty();
    private @Nullable CompletableFuture<UpstreamCredential> credential;
    private @Nullable CompletableFuture<CompleteResponse> response;
    private long began;
    private long next;
    private boolean failed;

    /**
     * Asks nothing yet.
     *
     * @param models receives the upstream's list of models
     * @param nanoTime a clock that never goes back
     */
    public ModelListRefresh(Consumer<JsonObject> models, CredentialPool pool, LongSupplier nanoTime) {
        this.models = models;
        this.pool = pool;
        this.nanoTime = nanoTime;
        this.next = nanoTime.getAsLong();
    }

    /** Goes as far as it can; to be called a few times a second. */
    public void tick() {
        long now = nanoTime.getAsLong();
        if (credential == null && now - next >= 0) {
            began = now;
            asked = pool.firstUsable(Upstream::listsModels);
            credential = asked.isPresent()
                    ? asked.get().source().current(Client.GATEWAY).toCompletableFuture()
                    : CompletableFuture.failedFuture(new NoSuchElementException());
        }
        var found = credential;
        if (found != null) {
            goOn(found, now);
        }
    }

    private void goOn(CompletableFuture<UpstreamCredential> found, long now) {
        if (found.isCompletedExceptionally()) {
            end(now, WITHOUT_CREDENTIAL);
            return;
        }
        if (response == null && found.isDone()) {
            try {
                response = asked.orElseThrow().upstream().models(found.join(), ModelCatalog.QUERY, LONGEST);
            } catch (RuntimeException fault) {
                fail("could not be asked", now);
                return;
            }
        }
        var coming = response;
        if (coming != null && coming.isDone()) {
            read(coming, now);
        } else if (now - began >= LIMIT.toNanos()) {
            if (coming != null) {
                coming.cancel(false);
            }
            fail("did not respond within " + LIMIT.toSeconds() + " s", now);
        }
    }

    private void end(long now, Duration pause) {
        credential = null;
        response = null;
        next = now + pause.toNanos();
    }

    private void read(CompletableFuture<CompleteResponse> come, long now) {
        try {
            var whole = come.join();
            var list = JsonTree.parseObject(whole.body()).filter(each -> each.get("data") instanceof JsonArray);
            if (whole.status() != 200) {
                fail("returned " + whole.status(), now);
            } else if (list.isEmpty()) {
                fail("returned no list of models", now);
            } else {
                end(now, AGAIN);
                models.accept(list.get());
                if (failed) {
                    LOG.info("The upstream reported again what its models can do");
                }
                failed = false;
            }
        } catch (CompletionException | CancellationException lost) {
            fail(
                    lost.getCause() instanceof NoResponseException why
                            ? String.valueOf(why.getMessage())
                            : "could not be asked",
                    now);
        }
    }

    /** @param reason a phrase that follows {@code the upstream} */
    private void fail(String reason, long now) {
        end(now, failed ? AGAIN : AFTER_FAILURE);
        if (failed) {
            LOG.debug("Asked what its models can do, the upstream {}", reason);
        } else {
            LOG.warn("Asked what its models can do, the upstream {}; what is known of them stays in use", reason);
        }
        failed = true;
    }
}
