package dev.warder.translation;

import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.sse.EventStreamTransformer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Makes the answer that a client understands out of the API's. One thread at a time. */
public interface AnswerTranslation {
    /**
     * The fields to add, in place of upstream fields of the same names.
     *
     * @param upstream the first value of an upstream's field, by its name in any case
     */
    List<Field> fields(Function<String, Optional<String>> upstream);

    /** What becomes of an event stream with a status of success; empty when the client asked for none. */
    Optional<EventStreamTransformer> stream();

    /**
     * What becomes of any other answer.
     *
     * @param status the upstream's
     * @param body whole and without a coding; may hold anything
     */
    Whole whole(int status, byte[] body);

    /** What becomes of an answer that was read whole. */
    sealed interface Whole {
        /**
         * The client's answer.
         *
         * @param fields to add to those of {@link AnswerTranslation#fields}
         * @param body handed over
         */
        @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
        record Told(int status, String contentType, List<Field> fields, byte[] body) implements Whole {
            /** Copies the list. */
            public Told {
                fields = List.copyOf(fields);
            }

            /** An answer that adds nothing. */
            public Told(int status, String contentType, byte[] body) {
                this(status, contentType, List.of(), body);
            }
        }

        /** It cannot be used. */
        record Unusable(ErrorReply reply) implements Whole {}
    }
}
