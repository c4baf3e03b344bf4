package dev.warder.openai.responses;

import dev.warder.http.ErrorReply;
import dev.warder.openai.chat.ChatResponse;
import dev.warder.openai.chat.OpenAiError;
import dev.warder.openai.shared.ReasoningSeal;
import dev.warder.stream.EventTooLargeException;
import dev.warder.stream.MessageReader;
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
    public ItemStream stream(int largestEvent) {
        return new ItemStream(writer(), largestEvent);
    }

    public Optional<byte[]> whole(byte[] body) {
        return ChatResponse.message(body).map(message -> {
            var writer = writer();
            writer.events().mute(true);
            writer.message(message);
            return writer.document();
        });
    }

    public Optional<byte[]> events(byte[] body) {
        return ChatResponse.message(body).map(message -> {
            var writer = writer();
            writer.message(message);
            return writer.take();
        });
    }

    /** The bytes of the request that each response object repeats. */
    public int repeatedBytes() {
        return echo.length();
    }

    private ItemWriter writer() {
        return new ItemWriter(context, seal, new ResponseDocument(context.requestedModel(), echo, clock), id);
    }

    /**
     * Translates the event stream of a message into events of the Responses API, regardless of how the stream is cut into
     * pieces. A stream that breaks, ends early, cannot be read or reports an error ends with {@code response.failed}.
     *
     * <p>Memory: one event, the output made from the last piece, and {@link #kept}. One thread at a time.
     */
    public static final class ItemStream implements StreamTranslation {
        private static final byte[] NOTHING = {};

        private final MessageReader message;
        private final ItemWriter writer;

        /**
         * Translates one stream.
         *
         * @param limit bytes of one event ({@code limits.event})
         */
        ItemStream(ItemWriter writer, int limit) {
            this.message = new MessageReader(limit, writer);
            this.writer = writer;
        }

        @Override
        public byte[] feed(byte[] piece) {
            if (writer.terminated()) {
                return NOTHING;
            }
            try {
                message.feed(piece);
            } catch (EventTooLargeException tooLarge) {
                writer.unusable("The upstream sent an event that is too large.");
            }
            return writer.take();
        }

        @Override
        public byte[] end() {
            if (!writer.terminated()) {
                message.end();
            }
            if (!writer.terminated()) {
                writer.unusable("The upstream ended the stream early.");
            }
            return writer.take();
        }

        @Override
        public boolean terminated() {
            return writer.terminated();
        }

        @Override
        public boolean failed() {
            return writer.failed();
        }

        /** 0 after the last event. */
        @Override
        public long kept() {
            return writer.kept();
        }

        @Override
        public byte[] whileSilent() {
            writer.inProgress();
            return writer.take();
        }

        @Override
        public Optional<byte[]> failure(ErrorReply reply) {
            if (!writer.terminated()) {
                writer.fail(OpenAiError.of(reply), advice(reply));
            }
            return Optional.of(writer.take());
        }

        private static String advice(ErrorReply reply) {
            return reply.fields().stream()
                    .filter(field -> field.name().equalsIgnoreCase("retry-after"))
                    .findFirst()
                    .map(field -> ResponseEnd.tryAgain(field.value()))
                    .orElse("");
        }
    }
}
