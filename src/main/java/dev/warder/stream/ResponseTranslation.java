package dev.warder.stream;

import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Translates the API's response for the client. One thread at a time. */
public interface ResponseTranslation {
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

    /** How many bytes {@link #whole} handles, given a body of this length: those of the body, and what it repeats of the request. */
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
