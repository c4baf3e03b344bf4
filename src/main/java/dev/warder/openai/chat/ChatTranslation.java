package dev.warder.openai.chat;

import dev.warder.openai.shared.RequestRefusal;
import jakarta.json.JsonObject;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** The outcome of reading a chat completion request. Immutable. */
public sealed interface ChatTranslation {
    /**
     * The request in the form of the Messages API.
     *
     * @param message the document to send to {@code /v1/messages}
     * @param ignored the names of the members that are not in it, for {@code X-Warder-Ignored}
     * @param context the parts of the request that decide the shape of its response
     */
    record Translated(JsonObject message, SortedSet<String> ignored, ChatContext context) implements ChatTranslation {
        public Translated {
            ignored = Collections.unmodifiableSortedSet(new TreeSet<>(ignored));
        }
    }

    /** Nothing is sent. */
    record Refused(RequestRefusal refusal) implements ChatTranslation {}
}
