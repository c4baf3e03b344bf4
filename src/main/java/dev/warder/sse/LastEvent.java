package dev.warder.sse;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The event that ends a stream as it should end. An {@code error} event ends every stream as well. */
public enum LastEvent {
    /** {@code event: message_stop}, of the Messages API. */
    MESSAGE_STOP(List.of("message_stop"), ""),
    /** {@code data: [DONE]}, of OpenAI's chat completions. */
    DONE(List.of(), "[DONE]"),
    /** {@code event: response.completed}, or another end of a response of OpenAI's Responses API. */
    RESPONSE_END(List.of("response.completed", "response.incomplete", "response.failed"), "");

    private static final byte[] ERROR = "error".getBytes(StandardCharsets.US_ASCII);

    private final byte[][] names;
    private final byte[] data;

    LastEvent(List<String> names, String data) {
        this.names = names.stream()
                .map(name -> name.getBytes(StandardCharsets.US_ASCII))
                .toArray(byte[][]::new);
        this.data = data.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether an event with this name ends the stream, if it has data. */
    boolean isNamed(byte[] b, int from, int to) {
        for (byte[] name : names) {
            if (is(b, from, to, name)) {
                return true;
            }
        }
        return is(b, from, to, ERROR);
    }

    /** Whether an event with these data ends the stream. */
    boolean hasData(byte[] b, int from, int to) {
        return is(b, from, to, data);
    }

    private static boolean is(byte[] b, int from, int to, byte[] word) {
        return word.length > 0 && Arrays.equals(b, from, to, word, 0, word.length);
    }
}
