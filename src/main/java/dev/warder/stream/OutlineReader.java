package dev.warder.stream;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the event stream of a message without its content, regardless of how it is cut into pieces. The name of an event
 * decides whether its data is read, so that a stream pays little more than for its names; data without a name is read. An event
 * that cannot be read does not end the reading, and neither does a large one. An event of an unknown type that has an error counts
 * as one, whatever its type is.
 *
 * <p>Memory: some 200 bytes, and the data of one event that is read. One thread at a time.
 */
public final class OutlineReader {
    /** Receives the events. */
    public interface Listener extends MessageOutline {
        void piece();
    }

    private static final byte[] DATA = ascii("data");
    private static final byte[] EVENT = ascii("event");
    private static final byte[] PIECE_DATA = ascii("{\"type\":\"" + EventType.CONTENT_BLOCK_DELTA.word() + '"');
    private static final byte[] NOTHING = {};

    /** Bytes that are kept of the lines of an event that is not read: field names only matter. */
    private static final int SHORT = 64;

    private static final int LEAST = 128;

    private final int limit;
    private final Listener listener;
    private final SseLines lines;
    private byte[] data = NOTHING;
    private int length;
    private boolean hasData;
    private boolean dropped;
    private boolean tooLarge;

    /** @param limit the most bytes of data of one event that is read */
    public OutlineReader(int limit, Listener listener) {
        this.limit = limit;
        this.listener = listener;
        this.lines = new SseLines(limit, LEAST, Long.MAX_VALUE, this::line);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads {@code count} bytes from {@code from}. */
    public void feed(byte[] b, int from, int count) {
        lines.feedUnlimited(b, from, from + count);
    }

    /** The stream has ended: an event without its empty line counts as complete. */
    public void end() {
        lines.end();
        dispatch();
    }

    private void line(byte[] b, int from, int to) {
        if (from == to) {
            dispatch();
        } else if (SseReader.isField(b, from, to, DATA)) {
            if (!dropped) {
                add(b, SseReader.valueFrom(b, from + DATA.length, to), to);
            }
        } else if (SseReader.isField(b, from, to, EVENT)) {
            dropped = !isRead(b, SseReader.valueFrom(b, from + EVENT.length, to), to);
            lines.keepAtMost(dropped ? SHORT : limit);
        }
    }

    /** Whether the event of this name is read: few of a message are, while hundreds have its content. */
    private boolean isRead(byte[] b, int from, int to) {
        if (EventType.CONTENT_BLOCK_DELTA.isNamed(b, from, to)) {
            listener.piece();
            return false;
        }
        return EventType.MESSAGE_START.isNamed(b, from, to)
                || EventType.MESSAGE_DELTA.isNamed(b, from, to)
                || EventType.MESSAGE_STOP.isNamed(b, from, to)
                || EventType.ERROR.isNamed(b, from, to);
    }

    private void add(byte[] b, int from, int to) {
        int feed = hasData ? 1 : 0;
        hasData = true;
        if (lines.isShortened() || to - from > limit - length - feed) {
            tooLarge = true;
            return;
        }
        int needed = length + feed + to - from;
        if (needed > data.length) {
            data = Arrays.copyOf(data, Math.max(needed, 2 * length));
        }
        if (feed > 0) {
            data[length++] = '\n';
        }
        System.arraycopy(b, from, data, length, to - from);
        length = needed;
    }

    private void dispatch() {
        if (hasData && !dropped) {
            if (tooLarge) {
                listener.unreadable();
            } else {
                event(length);
            }
        }
        data = NOTHING;
        length = 0;
        hasData = false;
        dropped = false;
        tooLarge = false;
        lines.keepAtMost(limit);
    }

    private void event(int end) {
        if (SseLines.beginsWith(data, 0, end, PIECE_DATA)) {
            // Of an upstream that does not name its events.
            listener.piece();
        } else {
            JsonTree.parseObject(data, 0, end).ifPresentOrElse(this::event, listener::unreadable);
        }
    }

    private void event(JsonObject event) {
        var type = EventType.of(event);
        boolean isError = type == EventType.UNKNOWN && event.get("error") instanceof JsonObject;
        (isError ? EventType.ERROR : type).pass(event, listener);
    }
}
