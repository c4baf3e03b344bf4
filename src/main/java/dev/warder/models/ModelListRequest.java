package dev.warder.models;

import dev.warder.credential.source.UpstreamCredential;
import dev.warder.json.JsonTree;
import dev.warder.upstream.CompleteResponse;
import dev.warder.upstream.NoResponseException;
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
final class ModelListRequest {
    /** What came of it. */
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

    /** @param sender sends the request with a credential */
    ModelListRequest(
            CompletableFuture<UpstreamCredential> credential,
            Function<UpstreamCredential, CompletableFuture<CompleteResponse>> sender) {
        this.credential = credential;
        this.sender = sender;
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
            response = sender.apply(credential.join());
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
