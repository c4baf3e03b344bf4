package dev.warder.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Follows an event stream that passes unchanged. It knows whether the stream is between two events, within an event, or
 * within a line. It also knows whether the last event has passed.
 *
 * <p>One thread at a time.
 */
public final class SseTap {
    /** Knows the event that ends a stream as it should end. */
    public interface LastEvent {
        /** Whether an event with this name, the bytes from {@code from} to {@code to}, ends the stream if it has data. */
        boolean isNamed(byte[] b, int from, int to);
    }

    /** Longer than any field name and value that matters. */
    private static final int PREFIX = 40;

    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DATA_VALUE = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT = "event".getBytes(StandardCharsets.US_ASCII);

    private final LastEvent last;
    private final SseLines lines = new SseLines(PREFIX, Long.MAX_VALUE, this::line);
    private boolean inEvent;
    private boolean hasData;
    private boolean lastName;
    private boolean terminated;

    public SseTap(LastEvent last) {
        this.last = last;
    }

    /** Follows the remaining bytes of {@code piece} without consuming them. */
    public void follow(ByteBuffer piece) {
        try {
            lines.feed(piece);
        } catch (EventTooLargeException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public boolean betweenEvents() {
        return !inEvent && !lines.withinLine();
    }

    public boolean withinLine() {
        return lines.withinLine();
    }

    public boolean terminated() {
        return terminated;
    }

    /**
     * Whether the stream, if it ends properly here, has had its last event. This includes a last event without an empty
     * line after it, which some servers and clients treat as complete.
     */
    public boolean terminatedAtEnd() {
        boolean inData = lines.openLineBeginsWith(DATA_VALUE);
        return terminated || (hasData || inData) && lastName;
    }

    private void line(byte[] b, int from, int to) {
        if (from == to) {
            dispatch();
        } else if (b[from] != ':') {
            inEvent = true;
            field(b, from, to);
        }
    }

    private void field(byte[] b, int from, int to) {
        if (SseReader.isField(b, from, to, DATA)) {
            hasData = true;
        } else if (SseReader.isField(b, from, to, EVENT)) {
            lastName = last.isNamed(b, SseReader.valueFrom(b, from + EVENT.length, to), to);
        }
    }

    private void dispatch() {
        terminated |= hasData && lastName;
        inEvent = false;
        hasData = false;
        lastName = false;
    }
}
