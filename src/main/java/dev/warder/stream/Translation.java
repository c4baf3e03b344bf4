package dev.warder.stream;

import dev.warder.body.Chunks;
import dev.warder.http.ErrorReply;
import java.util.Optional;

/**
 * Translates a request from another dialect into a request to the API. A filter puts it on the request under this type;
 * it is called once. One thread at a time.
 */
public interface Translation {
    /**
     * The most bytes of memory that {@link #translate} uses for the values of {@code body}, in addition to some copies of its
     * text. This takes time for a large body.
     */
    default long valueMemory(Chunks body) {
        return 0;
    }

    /**
     * Translates a request. This takes time for a large body; no part of {@code body} is used afterwards.
     *
     * @param body as the client sent it, one JSON object; empty for a route whose bodies are not collected
     */
    Outcome translate(Chunks body);

    /** The outcome of a translation. */
    sealed interface Outcome {
        /** The request is refused; nothing is sent. */
        record Refused(ErrorReply reply) implements Outcome {}

        /**
         * This request is sent instead of the client's, and {@code response} translates the upstream's response for the client.
         *
         * @param path the path and query to request, without the prefix of the configured URL
         * @param version the {@code anthropic-version} that the request is written for
         * @param body one JSON object; empty for a request without content
         * @param session the client's name for its conversation, where the body has one
         */
        record Translated(
                String path, String version, Chunks body, ResponseTranslation response, Optional<String> session)
                implements Outcome {
            public Translated(String path, String version, Chunks body, ResponseTranslation response) {
                this(path, version, body, response, Optional.empty());
            }
        }
    }
}
