package dev.warder.edit;

import dev.warder.credential.CredentialCheckup;
import dev.warder.credential.CredentialPool;
import dev.warder.credential.CredentialSource;
import dev.warder.credential.CredentialState;
import dev.warder.credential.UpstreamCredential;
import dev.warder.json.JsonTree;
import dev.warder.upstream.CompleteResponse;
import dev.warder.upstream.NoResponseException;
import dev.warder.upstream.UpstreamClient;
import dev.warder.upstream.UpstreamSettings;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the upstream what its models can do, with the first of the operator's credentials that is usable: at first, every
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
    private final UpstreamSettings upstream;
    private final UpstreamClient client;
    private final LongSupplier nanoTime;
    private @Nullable ModelListRequest question;
    private long began;
    private long next;
    private boolean failed;

    /**
     * Asks nothing yet.
     *
     * @param models receives the upstream's list of models
     * @param nanoTime a clock that never goes back
     */
    public ModelListRefresh(
            Consumer<JsonObject> models,
            CredentialPool pool,
            UpstreamSettings upstream,
            UpstreamClient client,
            LongSupplier nanoTime) {
        this.models = models;
        this.pool = pool;
        this.upstream = upstream;
        this.client = client;
        this.nanoTime = nanoTime;
        this.next = nanoTime.getAsLong();
    }

    /** Goes as far as it can; to be called a few times a second. */
    public void tick() {
        long now = nanoTime.getAsLong();
        if (question == null && now - next >= 0) {
            begin(now);
        }
        var asked = question;
        if (asked != null) {
            asked.goOn().or(() -> late(asked, now)).ifPresent(outcome -> end(outcome, now));
        }
    }

    private void begin(long now) {
        began = now;
        var source = firstUsable();
        if (source.isEmpty()) {
            next = now + WITHOUT_CREDENTIAL.toNanos();
        } else {
            question = new ModelListRequest(source.get().current().toCompletableFuture(), this::ask);
        }
    }

    private Optional<CredentialSource> firstUsable() {
        return pool.states().stream()
                .filter(CredentialState::usable)
                .findFirst()
                .flatMap(state -> pool.sources().stream()
                        .filter(source -> source.name().equals(state.name()))
                        .findFirst());
    }

    private CompletableFuture<CompleteResponse> ask(UpstreamCredential credential) {
        return CredentialCheckup.get(client, upstream, credential, "/v1/models?" + ModelCatalog.QUERY, LONGEST);
    }

    private Optional<ModelListRequest.Outcome> late(ModelListRequest asked, long now) {
        if (now - began < LIMIT.toNanos()) {
            return Optional.empty();
        }
        asked.cancel();
        return Optional.of(new ModelListRequest.Outcome.Failed("did not respond within " + LIMIT.toSeconds() + " s"));
    }

    private void end(ModelListRequest.Outcome outcome, long now) {
        question = null;
        if (outcome instanceof ModelListRequest.Outcome.Listed listed) {
            models.accept(listed.models());
            next = now + AGAIN.toNanos();
            noteSuccess();
        } else if (outcome instanceof ModelListRequest.Outcome.Failed failure) {
            next = now + (failed ? AGAIN : AFTER_FAILURE).toNanos();
            noteFailure(failure.reason());
        } else {
            next = now + WITHOUT_CREDENTIAL.toNanos();
        }
    }

    private void noteSuccess() {
        if (failed) {
            LOG.info("The upstream reported again what its models can do");
        }
        failed = false;
    }

    private void noteFailure(String reason) {
        if (failed) {
            LOG.debug("Asked what its models can do, the upstream {}", reason);
        } else {
            LOG.warn("Asked what its models can do, the upstream {}; what is known of them stays in use", reason);
        }
        failed = true;
    }

    /** Asks the upstream for its models, once. One thread at a time, which never waits. */
    private static final class ModelListRequest {
        /** The result. */
        sealed interface Outcome {
            /** The upstream's list of models. */
            record Listed(JsonObject models) implements Outcome {}

            /** Nothing of use; the reason is a phrase that follows {@code the upstream}. */
            record Failed(String reason) implements Outcome {}

            /** The credential has no value to ask with. */
            record NoCredential() implements Outcome {}
        }

        private final CompletableFuture<UpstreamCredential> credential;
        private final Function<UpstreamCredential, CompletableFuture<CompleteResponse>> sender;
        private @Nullable CompletableFuture<CompleteResponse> asked;

        ModelListRequest(
                CompletableFuture<UpstreamCredential> credential,
                Function<UpstreamCredential, CompletableFuture<CompleteResponse>> sender) {
            this.credential = credential;
            this.sender = sender;
        }

        Optional<Outcome> goOn() {
            if (!credential.isDone()) {
                return Optional.empty();
            }
            if (credential.isCompletedExceptionally()) {
                return Optional.of(new Outcome.NoCredential());
            }
            var response = asked;
            if (response == null) {
                response = sender.apply(credential.join());
                asked = response;
            }
            return response.isDone() ? Optional.of(outcome(response)) : Optional.empty();
        }

        void cancel() {
            var response = asked;
            if (response != null) {
                response.cancel(false);
            }
        }

        private static Outcome outcome(CompletableFuture<CompleteResponse> response) {
            try {
                return outcome(response.join());
            } catch (CompletionException | CancellationException failed) {
                return new Outcome.Failed(
                        failed.getCause() instanceof NoResponseException why
                                ? String.valueOf(why.getMessage())
                                : "could not be asked");
            }
        }

        private static Outcome outcome(CompleteResponse response) {
            if (response.status() != 200) {
                return new Outcome.Failed("returned " + response.status());
            }
            byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
            return JsonTree.parseObject(body, 0, body.length)
                    .filter(document -> document.get("data") instanceof JsonArray)
                    .<Outcome>map(Outcome.Listed::new)
                    .orElseGet(() -> new Outcome.Failed("returned no list of models"));
        }
    }
}
