package dev.warder.openai;

import jakarta.json.JsonObject;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** What became of a chat completion request. Immutable. */
sealed interface ChatTranslation {
    /**
     * The request as the Messages API takes it.
     *
     * @param message the document to send to {@code /v1/messages}
     * @param ignored the names of the members that are not in it, for {@code X-Warder-Ignored}
     * @param context what the translation of the response must know
     */
    record Translated(JsonObject message, SortedSet<String> ignored, ChatContext context) implements ChatTranslation {
        public Translated {
            ignored = Collections.unmodifiableSortedSet(new TreeSet<>(ignored));
        }
    }

    /** Nothing is sent. */
    record Refused(ChatRefusal refusal) implements ChatTranslation {}
}
