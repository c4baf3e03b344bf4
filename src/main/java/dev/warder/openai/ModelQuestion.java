package dev.warder.openai;

import dev.warder.credential.UpstreamCredential;
import dev.warder.json.LenientJson;
import dev.warder.upstream.UnansweredException;
import dev.warder.upstream.WholeAnswer;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The question which models the upstream has, page after page. One thread at a time, which never waits. */
final class ModelQuestion {
    /** More than the upstream has; whoever sends more would have us keep it. */
    private static final int MOST_PAGES = 10;

    /** Asks for one page. */
    interface Asker {
        /** Asks with this query of {@code GET /v1/models}. */
        CompletableFuture<WholeAnswer> ask(String query, UpstreamCredential credential);
    }

    /** What came of it. */
    sealed interface Outcome {
        /** All pages, in order. */
        record Told(List<JsonObject> pages) implements Outcome {}

        /** Nothing of use, for a reason to be read behind {@code the upstream}. */
        record Untold(String reason) implements Outcome {}

        /** The credential has no value to ask with. */
        record NoCredential() implements Outcome {}
    }

    private final CompletableFuture<UpstreamCredential> credential;
    private final Asker asker;
    private final ChatModels models = new ChatModels();
    private final List<JsonObject> pages = new ArrayList<>();
    private @Nullable CompletableFuture<WholeAnswer> page;
    private Outcome outcome = new Outcome.NoCredential();

    ModelQuestion(CompletableFuture<UpstreamCredential> credential, Asker asker) {
        this.credential = credential;
        this.asker = asker;
    }

    /** Goes as far as it can now; empty as long as it goes on. */
    Optional<Outcome> goOn() {
        if (!credential.isDone()) {
            return Optional.empty();
        }
        if (credential.isCompletedExceptionally()) {
            return Optional.of(new Outcome.NoCredential());
        }
        var asked = page == null ? ask(ChatModels.firstQuery()) : page;
        while (asked.isDone()) {
            var next = take(asked);
            if (next.isEmpty()) {
                return Optional.of(outcome);
            }
            asked = ask(next.get());
        }
        return Optional.empty();
    }

    /** Ends it; what it would still have told is lost. */
    void cancel() {
        var asked = page;
        if (asked != null) {
            asked.cancel(false);
        }
    }

    /** The query for the next page; empty when this was the last, of which {@link #outcome} tells what came. */
    private Optional<String> take(CompletableFuture<WholeAnswer> asked) {
        try {
            return take(asked.join());
        } catch (CompletionException | CancellationException failed) {
            outcome = new Outcome.Untold(
                    failed.getCause() instanceof UnansweredException why
                            ? String.valueOf(why.getMessage())
                            : "could not be asked");
            return Optional.empty();
        }
    }

    private Optional<String> take(WholeAnswer answer) {
        if (answer.status() != 200) {
            outcome = new Outcome.Untold("answered " + answer.status());
            return Optional.empty();
        }
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        var document = LenientJson.object(body, 0, body.length);
        if (document.isEmpty() || !(document.get().get("data") instanceof JsonArray)) {
            outcome = new Outcome.Untold("answered with what is no list of models");
            return Optional.empty();
        }
        pages.add(document.get());
        outcome = new Outcome.Told(List.copyOf(pages));
        return models.add(body).filter(next -> pages.size() < MOST_PAGES);
    }

    private CompletableFuture<WholeAnswer> ask(String query) {
        var asked = asker.ask(query, credential.join());
        page = asked;
        return asked;
    }
}
