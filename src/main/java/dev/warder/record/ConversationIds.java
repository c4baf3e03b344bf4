package dev.warder.record;

import dev.warder.http.RequestHints;
import java.util.Optional;

/**
 * The conversation of a request, in the client's own words. Immutable.
 *
 * @param session the client's name of its conversation
 * @param agent the client's name of the agent within the conversation
 * @param hints the kind of work
 */
public record ConversationIds(Optional<String> session, Optional<String> agent, RequestHints hints) {
    public static final ConversationIds UNKNOWN =
            new ConversationIds(Optional.empty(), Optional.empty(), RequestHints.NONE);
}
