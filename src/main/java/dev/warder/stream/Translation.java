package dev.warder.stream;

import dev.warder.body.Chunks;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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

    /** Translates the API's response for the client. One thread at a time. */
    interface ResponseTranslation {
        /**
         * The fields to add, which replace upstream fields of the same names.
         *
         * @param upstream the first value of the upstream's field, by its name in any case
         */
        List<Field> fields(Function<String, Optional<String>> upstream);

        Optional<StreamTranslation> stream();

        /**
         * Translates any other response.
         *
         * @param status the status of the upstream's response
         * @param body the whole body, decoded; may contain anything
         */
        Whole whole(int status, byte[] body);

        /**
         * How many bytes {@link #whole} handles, given a body of this length: those of the body, and what it repeats of the
         * request.
         */
        default long handledBytes(int length) {
            return length;
        }

        /** The translation of a response that was read whole. */
        sealed interface Whole {
            /**
             * The response to the client.
             *
             * @param fields fields in addition to those of {@link ResponseTranslation#fields}
             * @param body owned by the receiver
             */
            @SuppressWarnings("ArrayRecordComponent") // Never compared.
            record Translated(int status, String contentType, List<Field> fields, byte[] body) implements Whole {
                public Translated {
                    fields = List.copyOf(fields);
                }

                public Translated(int status, String contentType, byte[] body) {
                    this(status, contentType, List.of(), body);
                }
            }

            /** The upstream's response cannot be used. */
            record Unusable(ErrorReply reply) implements Whole {}
        }
    }

    /**
     * Translates the event stream of one response into that of another dialect. The arrays that it returns belong to the caller.
     * One thread at a time.
     */
    interface StreamTranslation {
        /** The translation of the next bytes: whole events, or empty. */
        byte[] feed(byte[] piece);

        byte[] end();

        /** Whether the stream has failed: the bytes returned last end with an {@code error} event that gives the reason. */
        boolean failed();

        /** Whether the stream has had its last event, or an {@code error} event: nothing is returned any more. */
        boolean terminated();

        /** Bytes of the response so far that are kept for its end; 0 where nothing is kept. */
        default long kept() {
            return 0;
        }

        default byte[] whileSilent() {
            return new byte[0];
        }

        /**
         * The event that ends a stream which cannot go on, after the last one that was returned. Empty where the dialect has
         * no more than an {@code error} event for that.
         *
         * @return the event, without bytes where the stream has had its last event
         */
        default Optional<byte[]> failure(ErrorReply reply) {
            return Optional.empty();
        }
    }
}
