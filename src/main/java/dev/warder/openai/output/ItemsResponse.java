package dev.warder.openai.output;

import dev.warder.openai.items.ResponsesContext;
import dev.warder.openai.reasoning.ReasoningSeal;
import java.time.Instant;
import java.util.Optional;

/** Translates the response to one request of the Responses API. Thread-safe; each response is translated once. */
public final class ItemsResponse {
    /**
     * Translates by what the request asked.
     *
     * @param seal packs {@code encrypted_content}
     * @param id identifies the response when the message has no id, without a prefix
     * @param created when the response arrived
     */
    public ItemsResponse(ResponsesContext context, ReasoningSeal seal, String id, Instant created) {
        throw new UnsupportedOperationException();
    }

    /** Translates an event stream. */
    public ItemStream stream(int largestEvent) {
        throw new UnsupportedOperationException();
    }

    /** The response object of a whole message; empty when the body is none. */
    public Optional<byte[]> whole(byte[] body) {
        throw new UnsupportedOperationException();
    }

    /** The events of a whole message, for a client that asked for a stream; empty when the body is none. */
    public Optional<byte[]> events(byte[] body) {
        throw new UnsupportedOperationException();
    }
}
