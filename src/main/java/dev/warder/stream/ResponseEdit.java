package dev.warder.stream;

import dev.warder.json.JsonOutline;
import java.util.Optional;

/**
 * A change to the content of responses in the dialect of the API, made while they pass. A filter puts it on the request
 * under this type, as it puts a {@link dev.warder.json.RequestEdit} there for the body; no request has
 * two. The exchange asks it about responses with status 200 and without a content coding; all others pass unchanged.
 * Thread-safe.
 */
public interface ResponseEdit {
    /**
     * The path and query with which the response is asked for, for a request without a body: as the client sent it, unless the
     * edit needs another response.
     *
     * @param asked the path and query as the client sent it
     */
    default String target(String asked) {
        return asked;
    }

    /**
     * The change to an event stream; empty where it passes unchanged.
     *
     * @param request the body that went upstream; empty where it was not collected
     */
    Optional<ContentEdit> ofStream(Optional<JsonOutline> request);

    /**
     * The change to a JSON document; empty where it passes unchanged.
     *
     * @param request the body that went upstream; empty where it was not collected
     */
    Optional<ContentEdit> ofDocument(Optional<JsonOutline> request);

    /** Changes the content of one response, piece by piece. The arrays that it returns belong to the caller. One thread at a time. */
    interface ContentEdit {
        /**
         * The next bytes to send: those of {@code piece}, changed or not, or fewer of them while a change is undecided.
         *
         * @param piece handed over; may be the array that is returned
         */
        byte[] feed(byte[] piece);

        /** The rest of the bytes, after the upstream has ended its response. */
        byte[] end();
    }
}
