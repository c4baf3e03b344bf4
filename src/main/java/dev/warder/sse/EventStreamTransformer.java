package dev.warder.sse;

/**
 * What an event stream becomes on its way to a client: the same, watched, or one of another dialect. What it gives belongs
 * to the caller. One thread at a time.
 */
public interface EventStreamTransformer {
    /** What the client gets of the next bytes; empty when nothing. */
    byte[] feed(byte[] piece);

    /** What the client still gets when the upstream ends the stream here. */
    byte[] end();

    /** Whether the stream has had its terminal event, after {@link #end} also one that no empty line follows. */
    boolean terminated();

    /** Whether it cannot go on: what it gave last tells the client why. */
    boolean failed();

    /** A comment that tells both ends that the stream lives; empty where it would disturb an event. */
    byte[] comment();

    /**
     * What ends a stream that broke; empty when it had been terminated.
     *
     * @param error in the client's dialect, on one line
     */
    byte[] fail(byte[] error);
}
