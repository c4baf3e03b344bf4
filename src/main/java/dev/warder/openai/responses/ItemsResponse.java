package dev.warder.openai.responses;

import dev.warder.openai.shared.MessageTranslation;
import dev.warder.openai.shared.ReasoningSeal;
import dev.warder.stream.StreamTranslation;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/** Translates the response to one request of the Responses API. Thread-safe; each response is translated once. */
public final class ItemsResponse {
    private final EchoedMembers echo;
    private final Supplier<ItemWriter> writer;

    /**
     * Translates by what the request asked. No part of the request's document is kept.
     *
     * @param seal packs {@code encrypted_content}
     * @param id identifies the response when the message has no id, without a prefix
     * @param clock gives the times at which the response begins and is complete
     */
    public ItemsResponse(ResponsesContext context, ReasoningSeal seal, String id, InstantSource clock) {
        var kept = context.withoutEcho();
        this.echo = new EchoedMembers(context.echo());
        this.writer = () -> new ItemWriter(kept, seal, echo, clock, id);
    }

    /**
     * Translates an event stream that begins now.
     *
     * @param largestEvent bytes of one event ({@code limits.event})
     */
    public StreamTranslation stream(int largestEvent) {
        return writer.get().stream(largestEvent);
    }

    public Optional<byte[]> whole(byte[] body) {
        return MessageTranslation.find(body).map(message -> writer.get().document(message));
    }

    public Optional<byte[]> events(byte[] body) {
        return writer.get().events(body);
    }

    /** The bytes of the request that each response object repeats. */
    public int repeatedBytes() {
        return echo.length;
    }
}
