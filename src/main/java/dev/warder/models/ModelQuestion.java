package dev.warder.models;

import dev.warder.credential.UpstreamCredential;
import dev.warder.json.JsonTree;
import dev.warder.upstream.UnansweredException;
import dev.warder.upstream.WholeAnswer;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks the upstream for its models, once. One thread at a time, which never waits. */
final class ModelQuestion {
    /** What came of it. */
    sealed interface Outcome {
        /** The upstream's list of models. */
        record Told(JsonObject models) implements Outcome {}

        /** Nothing of use; the reason is a phrase that follows {@code the upstream}. */
        record Untold(String reason) implements Outcome {}

        /** The credential has no value to ask with. */
        record NoCredential() implements Outcome {}
    }

    private final CompletableFuture<UpstreamCredential> credential;
    private final Function<UpstreamCredential, CompletableFuture<WholeAnswer>> asker;
    private @Nullable CompletableFuture<WholeAnswer> asked;

    /** @param asker sends the request with a credential */
    ModelQuestion(
            CompletableFuture<UpstreamCredential> credential,
            Function<UpstreamCredential, CompletableFuture<WholeAnswer>> asker) {
        this.credential = credential;
        this.asker = asker;
    }

    /** Advances as far as possible without waiting; empty until the outcome is known. */
    Optional<Outcome> goOn() {
        if (!credential.isDone()) {
            return Optional.empty();
        }
        if (credential.isCompletedExceptionally()) {
            return Optional.of(new Outcome.NoCredential());
        }
        var response = asked;
        if (response == null) {
            response = asker.apply(credential.join());
            asked = response;
        }
        return response.isDone() ? Optional.of(outcome(response)) : Optional.empty();
    }

    /** Ends the request; a response that arrives later is dropped. */
    void cancel() {
        var response = asked;
        if (response != null) {
            response.cancel(false);
        }
    }

    private static Outcome outcome(CompletableFuture<WholeAnswer> response) {
        try {
            return outcome(response.join());
        } catch (CompletionException | CancellationException failed) {
            return new Outcome.Untold(
                    failed.getCause() instanceof UnansweredException why
                            ? String.valueOf(why.getMessage())
                            : "could not be asked");
        }
    }

    private static Outcome outcome(WholeAnswer response) {
        if (response.status() != 200) {
            return new Outcome.Untold("answered " + response.status());
        }
        byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
        return JsonTree.parseObject(body, 0, body.length)
                .filter(document -> document.get("data") instanceof JsonArray)
                .<Outcome>map(Outcome.Told::new)
                .orElseGet(() -> new Outcome.Untold("answered with what is no list of models"));
    }
}
