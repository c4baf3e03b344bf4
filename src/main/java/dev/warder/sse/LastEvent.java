package dev.warder.sse;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The event that ends a stream as it should end. An {@code error} event ends every stream as well. */
public enum LastEvent {
    /** {@code event: message_stop}, of the Messages API. */
    MESSAGE_STOP("message_stop", ""),
    /** {@code data: [DONE]}, of OpenAI's API. */
    DONE("", "[DONE]");

    private static final byte[] ERROR = "error".getBytes(StandardCharsets.US_ASCII);

    private final byte[] name;
    private final byte[] data;

    LastEvent(String name, String data) {
        this.name = name.getBytes(StandardCharsets.US_ASCII);
        this.data = data.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether an event with this name ends the stream, if it has data. */
    boolean isNamed(byte[] b, int from, int to) {
        return is(b, from, to, name) || is(b, from, to, ERROR);
    }

    /** Whether an event with these data ends the stream. */
    boolean hasData(byte[] b, int from, int to) {
        return is(b, from, to, data);
    }

    private static boolean is(byte[] b, int from, int to, byte[] word) {
        return word.length > 0 && Arrays.equals(b, from, to, word, 0, word.length);
    }
}
