package dev.warder.stream;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;

/** Decodes the events that frame a message. */
final class OutlineEvent {
    private OutlineEvent() {}

    /**
     * Passes an event on, unless it belongs to the content or is a ping or unknown.
     *
     * @param type the event's
     */
    static void pass(EventType type, JsonObject event, MessageOutline outline) {
        switch (type) {
            case MESSAGE_START -> outline.start(JsonTree.object(event, "message"));
            case MESSAGE_DELTA ->
                outline.messageDelta(JsonTree.object(event, "delta"), JsonTree.object(event, "usage"));
            case MESSAGE_STOP -> outline.stop();
            case ERROR -> outline.error(event);
            case CONTENT_BLOCK_START, CONTENT_BLOCK_DELTA, CONTENT_BLOCK_STOP, PING, UNKNOWN -> {
                // Not part of the outline.
            }
        }
    }
}
