package dev.warder.stream;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the events of an event stream (WHATWG HTML, section 9.2.6), regardless of how it is cut into pieces. Data and
 * name are passed on as bytes, unchanged. Memory: the data of one event, and one more line where the data has several.
 *
 * <p>One thread at a time.
 */
public final class SseReader {
    /** Receives the events. */
    public interface Listener {
        /**
         * An event with data has ended; {@link SseReader#name} is its name.
         *
         * @param bytes hold its {@code data} fields, joined by line feeds, from {@code from} to {@code to}; reused
         *     after this call
         */
        void event(byte[] bytes, int from, int to);
    }

    /** Reads events without cutting them into lines. */
    public interface Frames {
        /**
         * Reads one event, if it knows its frame.
         *
         * @param b holds bytes of the stream from {@code from}, where an event may begin, to {@code to}
         * @return the index after the frame, with its empty line; {@code from} when it was not read
         */
        int frame(byte[] b, int from, int to);
    }

    /** Bytes that an array may have between two events. */
    private static final int LARGEST_IDLE = 4 * 1024;

    private static final int LEAST = 512;
    private static final int SHORT = 32;
    private static final byte[] DATA = {'d', 'a', 't', 'a'};
    private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't'};

    private final Listener listener;
    private final SseLines lines;
    private byte[] name = new byte[SHORT];
    private int nameLength;
    private byte[] data = new byte[LEAST];
    private int dataFrom;
    private int dataTo;
    private boolean hasData;

    /**
     * @param limit bytes of the lines of one event, comments included
     * @param listener is called with each event when its last line has ended
     */
    public SseReader(int limit, Listener listener) {
        this(limit, listener, SseLines.NO_FRAMES);
    }

    public SseReader(int limit, Listener listener, Frames frames) {
        this.listener = listener;
        this.lines = new SseLines(limit, this::line, frames);
    }

    /**
     * Reads the bytes from {@code from} to {@code to}.
     *
     * @throws EventTooLargeException when an event exceeds the limit; the caller must feed nothing after that
     */
    public void feed(byte[] b, int from, int to) throws EventTooLargeException {
        try {
            lines.feed(b, from, to);
        } catch (EventTooLargeException tooLarge) {
            data = new byte[LEAST];
            throw tooLarge;
        }
    }

    /** Ends the stream: an event without its empty line counts as complete. */
    public void end() {
        lines.end();
        dispatch();
    }

    public String name() {
        return nameLength == 0 ? "message" : new String(name, 0, nameLength, StandardCharsets.UTF_8);
    }

    private void line(byte[] b, int from, int to) {
        if (from == to) {
            dispatch();
        } else if (isField(b, from, to, DATA)) {
            addData(b, valueFrom(b, from + DATA.length, to), to);
        } else if (isField(b, from, to, EVENT)) {
            setName(b, valueFrom(b, from + EVENT.length, to), to);
        }
    }

    static boolean isField(byte[] b, int from, int to, byte[] field) {
        int colon = from + field.length;
        return SseLines.beginsWith(b, from, to, field) && (colon == to || b[colon] == ':');
    }

    /** The index at which the value of the field begins whose name ends at {@code colon}. */
    static int valueFrom(byte[] b, int colon, int to) {
        int value = Math.min(to, colon + 1);
        return value < to && b[value] == ' ' ? value + 1 : value;
    }

    private void setName(byte[] b, int from, int to) {
        nameLength = to - from;
        if (nameLength > name.length) {
            name = new byte[nameLength];
        }
        System.arraycopy(b, from, name, 0, nameLength);
    }

    private void addData(byte[] b, int from, int to) {
        if (lines.owns(b) && !hasData) {
            // A large event is in memory once: the kept line becomes the data as it is.
            data = lines.exchange(data);
            dataFrom = from;
            dataTo = to;
            hasData = true;
            return;
        }
        int feed = hasData ? 1 : 0;
        int needed = dataTo + to - from + feed;
        if (needed > data.length) {
            data = Arrays.copyOf(data, Math.max(needed, 2 * data.length));
        }
        if (hasData) {
            data[dataTo++] = '\n';
        }
        System.arraycopy(b, from, data, dataTo, to - from);
        dataTo += to - from;
        hasData = true;
    }

    private void dispatch() {
        if (hasData) {
            listener.event(data, dataFrom, dataTo);
        }
        hasData = false;
        dataFrom = 0;
        dataTo = 0;
        nameLength = 0;
        if (data.length > LARGEST_IDLE) {
            data = new byte[LEAST];
        }
        if (name.length > LARGEST_IDLE) {
            name = new byte[SHORT];
        }
    }
}
