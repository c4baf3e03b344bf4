package dev.warder.translation;

import dev.warder.body.Chunks;
import dev.warder.http.ErrorReply;

/**
 * Makes a request of the API out of one in another dialect. A filter puts it on the request under this type; it is asked
 * once. One thread at a time.
 */
public interface Translation {
    /**
     * Bytes of memory that {@link #translate} takes for the values of {@code body}, at most, beside some copies of its
     * text; takes a while for a large body.
     */
    default long valueMemory(Chunks body) {
        return 0;
    }

    /**
     * The request to send; takes a while for a large body, and no part of {@code body} is used afterwards.
     *
     * @param body as the client sent it, one JSON object; empty for a route that is not collected
     */
    Outcome translate(Chunks body);

    /** What came of it. */
    sealed interface Outcome {
        /** Nothing is sent. */
        record Refused(ErrorReply reply) implements Outcome {}

        /**
         * This is sent in place of what came.
         *
         * @param path the path and query to ask, without the prefix of the configured URL
         * @param version the {@code anthropic-version} whose words it speaks
         * @param body one JSON object; empty for a request without content
         * @param answer makes the client's answer of what the upstream says
         */
        record Translated(String path, String version, Chunks body, AnswerTranslation answer) implements Outcome {}
    }
}
