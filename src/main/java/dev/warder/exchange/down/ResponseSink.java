package dev.warder.exchange.down;

/**
 * Receives one response: its head, the pieces of its content, and either its end or a failure. The upstream's response, one
 * that was held back, a decoded and a collected one look the same to it; a stage is a sink that wraps the next one.
 *
 * <p>One thread at a time but for {@link #close}.
 */
public interface ResponseSink {
    /**
     * The response begins.
     *
     * @param flow receives how many of the upstream's bytes the client has taken
     */
    void head(ResponseHead head, Flow flow);

    /**
     * The next bytes of the content.
     *
     * @param bytes handed over; may be empty
     * @param read how many bytes of the upstream they stand for
     */
    void piece(byte[] bytes, int read);

    /** The next bytes of a translated event stream, like {@link #piece}; its last event is among them. */
    default void lastPiece(byte[] bytes, int read) {
        piece(bytes, read);
    }

    void end();

    /** The response does not come, or does not go on. Nothing that follows is used. */
    void failed(Failure failure);

    /** Releases what it holds; on any thread, perhaps more than once. */
    default void close() {}

    /** Allows the upstream to send more of a response. Thread-safe. */
    interface Flow {
        /** The client took {@code bytes} of the upstream's, or they were stored elsewhere: as many more may come. */
        void taken(int bytes);

        /** Nothing of the response is kept, so that as many bytes may come as have come. */
        default void dropped() {}
    }
}
