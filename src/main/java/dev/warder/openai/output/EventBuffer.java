package dev.warder.openai.output;

import dev.warder.json.JsonText;
import dev.warder.openai.response.OutputBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes events, each a whole frame of an event stream. The methods that add write the members of the event that was begun
 * last. A muted buffer writes nothing and counts no event.
 *
 * <p>One thread at a time.
 */
final class EventBuffer {
    /** A delta and its frame fit; a silent stream keeps at most this. */
    private static final int KEPT = 1024;

    private static final byte[] DELTA = ",\"delta\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "}\n\n".getBytes(StandardCharsets.US_ASCII);

    private final OutputBuffer out = new OutputBuffer(KEPT);
    private int sequence;
    private boolean muted;

    /** Stops writing, or writes again. */
    void mute(boolean mute) {
        muted = mute;
    }

    boolean isMuted() {
        return muted;
    }

    /** Announces how many upstream bytes follow, so that the array need not grow step by step. */
    void expect(int bytes) {
        out.expect(3 * bytes);
    }

    EventBuffer begin(EventName name) {
        if (!muted) {
            out.add(name.head());
            out.addNumber(sequence++);
        }
        return this;
    }

    EventBuffer add(byte[] bytes) {
        return add(bytes, 0, bytes.length);
    }

    EventBuffer add(byte[] bytes, int from, int to) {
        if (!muted) {
            out.add(bytes, from, to);
        }
        return this;
    }

    EventBuffer add(Pieces pieces) {
        if (!muted) {
            pieces.writeTo(out);
        }
        return this;
    }

    EventBuffer add(String json) {
        return muted ? this : add(JsonText.utf8(json));
    }

    /** Adds the member {@code delta}, whose string literal is in the bytes from {@code from} to {@code to}. */
    EventBuffer delta(byte[] bytes, int from, int to) {
        return add(DELTA).add(bytes, from, to);
    }

    void end() {
        add(END);
    }

    /** The bytes that were written since the last call. */
    byte[] take() {
        return out.take();
    }
}
