package dev.warder.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads few events of an event stream whose other events are many and may be large. The name of an event decides whether its
 * data is read; an event without a name is read. Events may come in any pieces.
 *
 * <p>Memory: some 200 bytes, and the data of one event that is read. One thread at a time.
 */
public final class SelectedEvents {
    /** Selects and receives the events. */
    public interface Listener {
        /**
         * Whether an event is read. It is called once for each event that has a name.
         *
         * @param b holds the name from {@code from} to {@code to}; reused after this call
         */
        boolean selects(byte[] b, int from, int to);

        /**
         * An event that is read has ended.
         *
         * @param b holds its {@code data} fields, joined by line feeds, from {@code from} to {@code to}; reused after this
         *     call
         */
        void event(byte[] b, int from, int to);

        /** An event that would be read has more bytes of data than the limit. */
        void tooLarge();
    }

    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT = "event".getBytes(StandardCharsets.US_ASCII);
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

    /** @param limit the most bytes of data of one event */
    public SelectedEvents(int limit, Listener listener) {
        this.limit = limit;
        this.listener = listener;
        this.lines = new SseLines(limit, LEAST, Long.MAX_VALUE, this::line);
    }

    /** Reads {@code count} bytes from {@code from}. */
    public void feed(byte[] b, int from, int count) {
        try {
            lines.feed(ByteBuffer.wrap(b, from, count));
        } catch (EventTooLargeException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Ends the stream: an event without its empty line counts as complete. */
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
            dropped = !listener.selects(b, SseReader.valueFrom(b, from + EVENT.length, to), to);
            lines.keepAtMost(dropped ? SHORT : limit);
        }
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
                listener.tooLarge();
            } else {
                listener.event(data, 0, length);
            }
        }
        data = NOTHING;
        length = 0;
        hasData = false;
        dropped = false;
        tooLarge = false;
        lines.keepAtMost(limit);
    }
}
