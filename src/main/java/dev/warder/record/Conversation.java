package dev.warder.record;

import java.util.Optional;

/**
 * The conversation of a request, in the client's own words. Immutable.
 *
 * @param session the client's name of its conversation
 * @param agent the client's name of the agent within the conversation
 */
public record Conversation(Optional<String> session, Optional<String> agent) {
    public static final Conversation UNKNOWN = new Conversation(Optional.empty(), Optional.empty());
}
