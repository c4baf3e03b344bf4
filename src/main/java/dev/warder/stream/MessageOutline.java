package dev.warder.stream;

import jakarta.json.JsonObject;

/** The events of one message's stream without its content, in their order. One thread at a time. */
public interface MessageOutline {
    void start(JsonObject message);

    /** A piece of the content has come. Only {@link OutlineReader} reports it. */
    default void piece() {}

    /** {@code message_delta}: how the message ends, and its usage so far; each is empty where the event has none. */
    void messageDelta(JsonObject delta, JsonObject usage);

    void stop();

    /** {@code error}: the whole event. This includes an error without a type, as other kinds of gateways send it. */
    void error(JsonObject event);

    /** An event that cannot be read: its data is not a JSON object. {@link OutlineReader} reports too large data so, too. */
    void unreadable();
}
