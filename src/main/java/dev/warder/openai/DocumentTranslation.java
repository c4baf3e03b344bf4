package dev.warder.openai;

import dev.warder.body.Chunks;
import dev.warder.http.ErrorReply;
import dev.warder.json.JsonTree;
import dev.warder.openai.shared.PromptCache;
import dev.warder.openai.shared.RequestOutcome;
import dev.warder.openai.shared.ValueMemory;
import dev.warder.stream.Translation;
import jakarta.json.JsonObject;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Translates one request whose body is a document to the Messages API. One thread at a time.
 *
 * @param requests reads the parsed body, and keeps no part of it
 * @param path the path and query of the Messages API
 * @param replies makes the translation of the response
 */
record DocumentTranslation<C>(
        Function<JsonObject, RequestOutcome<C>> requests,
        String path,
        Function<RequestOutcome.Translated<C>, Reply> replies)
        implements Translation {
    static final String VERSION = "2023-06-01";

    private static final Logger LOG = LoggerFactory.getLogger(DocumentTranslation.class);

    @Override
    public long valueMemory(Chunks body) {
        return ValueMemory.of(body);
    }

    @Override
    public Outcome translate(Chunks body) {
        return JsonTree.parseDistinctObject(body)
                .map(this::translate)
                .orElseGet(() -> new Outcome.Refused(ErrorReply.invalidRequest(
                        "The request body has a member twice or too many values, or cannot be read.")));
    }

    private Outcome translate(JsonObject document) {
        var outcome = requests.apply(document);
        if (outcome instanceof RequestOutcome.Refused<C> refused) {
            if (refused.refusal().status() == 404) {
                // The line of the access log of the same request names the model.
                LOG.info(
                        "A model matches no entry of openai.models or models.aliases, and openai.defaultModel is not set");
            }
            return new Outcome.Refused(refused.refusal());
        }
        var read = (RequestOutcome.Translated<C>) outcome;
        return new Outcome.Translated(
                path,
                VERSION,
                JsonTree.body(read.message()),
                replies.apply(read),
                JsonTree.findText(document, PromptCache.KEY));
    }
}
