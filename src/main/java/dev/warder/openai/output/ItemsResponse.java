package dev.warder.openai.output;

import dev.warder.json.JsonTree;
import dev.warder.openai.items.ResponsesContext;
import dev.warder.openai.reasoning.ReasoningSeal;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Translates the response to one request of the Responses API. Thread-safe; each response is translated once. */
public final class ItemsResponse {
    private final ResponsesContext context;
    private final ReasoningSeal seal;
    private final String id;
    private final Instant created;
    private final InstantSource clock;

    /** Translates a response that is complete as soon as it arrives. */
    public ItemsResponse(ResponsesContext context, ReasoningSeal seal, String id, Instant created) {
        this(context, seal, id, created, InstantSource.fixed(created));
    }

    /**
     * Translates by what the request asked.
     *
     * @param seal packs {@code encrypted_content}
     * @param id identifies the response when the message has no id, without a prefix
     * @param created when the response arrived
     * @param clock the time at which it is complete
     */
    public ItemsResponse(
            ResponsesContext context, ReasoningSeal seal, String id, Instant created, InstantSource clock) {
        this.context = context;
        this.seal = seal;
        this.id = id;
        this.created = created;
        this.clock = clock;
    }

    /**
     * Translates an event stream. The stream does not keep the context, so that the caller can release it.
     *
     * @param largestEvent bytes of one event ({@code limits.event})
     */
    public ItemStream stream(int largestEvent) {
        return new ItemStream(writer(), largestEvent);
    }

    /** The response object of a whole message; empty when the body is none. */
    public Optional<byte[]> whole(byte[] body) {
        return message(body).map(message -> {
            var writer = writer();
            writer.events().mute(true);
            writer.message(message);
            return writer.document();
        });
    }

    /** The events of a whole message, for a client that asked for a stream; empty when the body is none. */
    public Optional<byte[]> events(byte[] body) {
        return message(body).map(message -> {
            var writer = writer();
            writer.message(message);
            return writer.take();
        });
    }

    private ItemWriter writer() {
        return new ItemWriter(context, seal, new ResponseDocument(context, created, clock), id);
    }

    private static Optional<JsonObject> message(byte[] body) {
        return JsonTree.parseObject(body, 0, body.length)
                .filter(document -> JsonTree.text(document, "type").equals("message")
                        && document.get("content") instanceof JsonArray);
    }
}
