package dev.warder.openai.responses;

import dev.warder.openai.shared.MessageTranslation;
import dev.warder.openai.shared.ReasoningSeal;
import dev.warder.stream.StreamTranslation;
import java.time.InstantSource;
import java.util.Optional;

/** Translates the response to one request of the Responses API. Thread-safe; each response is translated once. */
public final class ItemsResponse {
    private final ResponsesContext context;
    private final ReasoningSeal seal;
    private final String id;
    private final InstantSource clock;
    private final EchoedMembers echo;

    /**
     * Translates by what the request asked. No part of the request's document is kept.
     *
     * @param seal packs {@code encrypted_content}
     * @param id identifies the response when the message has no id, without a prefix
     * @param clock gives the times at which the response begins and is complete
     */
    public ItemsResponse(ResponsesContext context, ReasoningSeal seal, String id, InstantSource clock) {
        this.context = context.withoutEcho();
        this.seal = seal;
        this.id = id;
        this.clock = clock;
        this.echo = new EchoedMembers(context.echo(), ResponseDocument.OWN);
    }

    /**
     * Translates an event stream that begins now.
     *
     * @param largestEvent bytes of one event ({@code limits.event})
     */
    public StreamTranslation stream(int largestEvent) {
        return writer().stream(largestEvent);
    }

    public Optional<byte[]> whole(byte[] body) {
        return MessageTranslation.find(body).map(message -> writer().document(message));
    }

    public Optional<byte[]> events(byte[] body) {
        return writer().events(body);
    }

    /** The bytes of the request that each response object repeats. */
    public int repeatedBytes() {
        return echo.length();
    }

    private ItemWriter writer() {
        return new ItemWriter(context, seal, new ResponseDocument(context.requestedModel(), echo, clock), id);
    }
}
