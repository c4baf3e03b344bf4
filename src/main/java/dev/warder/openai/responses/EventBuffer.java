package dev.warder.openai.responses;

import dev.warder.json.JsonText;
import dev.warder.openai.shared.OutputBuffer;
import dev.warder.openai.shared.Pieces;
import java.nio.charset.StandardCharsets;

/**
 * Writes events, each a whole frame of an event stream. The methods that add write the members of the event that was begun
 * last. A muted buffer writes nothing and counts no event.
 *
 * <p>One thread at a time.
 */
final class EventBuffer {
    private static final byte[] DELTA = ",\"delta\":".getBytes(StandardCharsets.US_ASCII);
    static final byte[] END = "}\n\n".getBytes(StandardCharsets.US_ASCII);

    private final OutputBuffer out = new OutputBuffer();
    private int sequence;
    private boolean muted;

    void mute(boolean mute) {
        muted = mute;
    }

    boolean isMuted() {
        return muted;
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
            out.add(pieces);
        }
        return this;
    }

    EventBuffer add(String json) {
        return muted ? this : add(JsonText.utf8(json));
    }

    /**
     * Writes an event of one piece.
     *
     * @param members refer to what the piece belongs to
     * @param bytes hold the string literal of {@code delta} from {@code from} to {@code to}
     * @param end the members that follow, and the end of the event
     */
    void delta(EventName name, byte[] members, byte[] bytes, int from, int to, byte[] end) {
        begin(name).add(members).add(DELTA).add(bytes, from, to).add(end);
    }

    /**
     * Writes a whole event.
     *
     * @param members refer to what the event is about
     * @param rest the members that follow
     */
    void write(EventName name, byte[] members, Pieces rest) {
        begin(name).add(members).add(rest).end();
    }

    void write(EventName name, byte[] members, String rest) {
        begin(name).add(members).add(rest).end();
    }

    void end() {
        add(END);
    }

    /** The bytes that were written since the last call. */
    byte[] take() {
        return out.take();
    }
}
