package dev.warder.openai;

import dev.warder.json.JsonTree;
import dev.warder.openai.items.ResponsesContext;
import dev.warder.openai.items.ResponsesTranslation;
import dev.warder.openai.messages.PromptCache;
import dev.warder.translation.ResponseTranslation;
import dev.warder.translation.Translation.Outcome;
import jakarta.json.JsonObject;
import java.util.SortedSet;
import java.util.function.Function;

/** Translates one request of the Responses API to the Messages API, and returns the translation for its response. */
final class ResponsesTranslator {
    private final Function<JsonObject, ResponsesTranslation> requests;
    private final String path;
    private final Replies replies;

    /**
     * @param requests reads the request
     * @param path the path and query of the Messages API
     * @param replies makes the translation of the response
     */
    ResponsesTranslator(Function<JsonObject, ResponsesTranslation> requests, String path, Replies replies) {
        this.requests = requests;
        this.path = path;
        this.replies = replies;
    }

    Outcome translate(JsonObject document) {
        var translation = requests.apply(document);
        if (translation instanceof ResponsesTranslation.Translated found) {
            var reply = replies.of(found.context(), found.ignored());
            return new Outcome.Translated(
                    path,
                    ChatTranslator.VERSION,
                    JsonTree.body(found.message()),
                    reply,
                    JsonTree.findText(document, PromptCache.KEY));
        }
        return Refusals.of(((ResponsesTranslation.Refused) translation).refusal());
    }

    /** Makes the translation of a response. */
    @FunctionalInterface
    interface Replies {
        /**
         * Translates the response to one request.
         *
         * @param ignored the names of the request's members that were not translated
         */
        ResponseTranslation of(ResponsesContext context, SortedSet<String> ignored);
    }
}
