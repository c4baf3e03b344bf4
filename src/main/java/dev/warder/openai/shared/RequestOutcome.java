package dev.warder.openai.shared;

import dev.warder.http.ErrorReply;
import jakarta.json.JsonObject;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The outcome of reading a request. Immutable.
 *
 * @param <C> the parts of the request that decide the shape of its response
 */
public sealed interface RequestOutcome<C> {
    /**
     * The request in the form of the Messages API.
     *
     * @param message the document to send
     * @param ignored the names of the members that are not in it, for {@code X-Warder-Ignored}
     */
    record Translated<C>(JsonObject message, SortedSet<String> ignored, C context) implements RequestOutcome<C> {
        public Translated {
            ignored = Collections.unmodifiableSortedSet(new TreeSet<>(ignored));
        }
    }

    /** Nothing is sent. */
    record Refused<C>(ErrorReply refusal) implements RequestOutcome<C> {}
}
