package dev.warder.record;

import java.util.Optional;

/**
 * The conversation of a request, in the client's own words. Immutable.
 *
 * @param session the client's name of its conversation
 * @param agent the client's name of the agent within the conversation
 */
public record ConversationIds(Optional<String> session, Optional<String> agent) {
    public static final ConversationIds UNKNOWN = new ConversationIds(Optional.empty(), Optional.empty());
}
