package dev.warder.sse;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads the data of an event stream's events (WHATWG HTML, section 9.2.6) as the bytes that they are, however the stream is
 * cut into pieces: for whoever reads each event of a busy stream and does not need it as text. An event's name is passed
 * over. Memory: the data of one event, and one line more where the data has several.
 *
 * <p>One thread at a time.
 */
public final class SseDataReader {
    /** Takes what was read. */
    public interface Events {
        /**
         * An event with data has ended: its {@code data} fields, joined by line feeds.
         *
         * @param bytes hold the data from {@code from} to {@code to}, and are used again after this call
         */
        void data(byte[] bytes, int from, int to);
    }

    /** What an array may hold on to between two events. */
    private static final int KEPT = 4 * 1024;

    private static final int LEAST = 512;

    private static final int NAME = 4;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final int limit;
    private final Events events;
    private byte[] line = new byte[LEAST];
    private int lineLength;
    private byte[] data = new byte[LEAST];
    private int dataFrom;
    private int dataTo;
    private boolean hasData;
    private int size;
    private boolean first = true;
    private boolean afterCarriageReturn;

    /**
     * @param limit bytes of the lines of one event, comments included
     * @param events takes each event when its last line has ended
     */
    public SseDataReader(int limit, Events events) {
        this.limit = limit;
        this.events = events;
    }

    /**
     * Reads the remaining bytes of {@code piece} without consuming them.
     *
     * @throws EventTooLargeException when an event exceeds the limit; nothing may be fed after that
     */
    public void feed(ByteBuffer piece) throws EventTooLargeException {
        if (piece.hasArray()) {
            int from = piece.arrayOffset() + piece.position();
            read(piece.array(), from, from + piece.remaining());
        } else {
            byte[] copy = new byte[piece.remaining()];
            piece.duplicate().get(copy);
            read(copy, 0, copy.length);
        }
    }

    /** The stream has ended: an event whose empty line is missing is taken for whole. */
    public void end() {
        if (lineLength > 0) {
            endKeptLine();
        }
        dispatch();
    }

    private void read(byte[] b, int from, int to) throws EventTooLargeException {
        int start = from;
        if (afterCarriageReturn && start < to) {
            afterCarriageReturn = false;
            start += b[start] == '\n' ? 1 : 0;
        }
        while (start < to) {
            int end = LineEnd.find(b, start, to);
            count(end - start);
            if (end == to) {
                keep(b, start, end);
                return;
            }
            if (lineLength > 0) {
                keep(b, start, end);
                endKeptLine();
            } else {
                line(b, start, end);
            }
            start = end + 1;
            if (b[end] == '\r') {
                afterCarriageReturn = start == to;
                start += start < to && b[start] == '\n' ? 1 : 0;
            }
        }
    }

    private void count(int more) throws EventTooLargeException {
        if (more > limit - size) {
            line = new byte[LEAST];
            data = line;
            throw new EventTooLargeException(limit);
        }
        size += more;
    }

    private void keep(byte[] b, int from, int to) {
        line = withRoom(line, lineLength, to - from);
        System.arraycopy(b, from, line, lineLength, to - from);
        lineLength += to - from;
    }

    private static byte[] withRoom(byte[] array, int used, int more) {
        int needed = used + more;
        return needed <= array.length ? array : Arrays.copyOf(array, Math.max(needed, 2 * array.length));
    }

    private void endKeptLine() {
        int length = lineLength;
        lineLength = 0;
        line(line, 0, length);
    }

    private void line(byte[] b, int lineFrom, int to) {
        int from = lineFrom;
        if (first) {
            first = false;
            from += startsWith(b, from, to, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
        }
        if (from == to) {
            dispatch();
        } else if (isData(b, from, to)) {
            int value = Math.min(to, from + NAME + 1);
            add(b, value < to && b[value] == ' ' ? value + 1 : value, to);
        }
    }

    private static boolean startsWith(byte[] b, int from, int to, byte[] prefix) {
        int end = from + prefix.length;
        return end <= to && Arrays.equals(b, from, end, prefix, 0, prefix.length);
    }

    private static boolean isData(byte[] b, int from, int to) {
        return to - from >= NAME
                && b[from] == 'd'
                && b[from + 1] == 'a'
                && b[from + 2] == 't'
                && b[from + 3] == 'a'
                && (to - from == NAME || b[from + NAME] == ':');
    }

    private void add(byte[] b, int from, int to) {
        if (b == line && !hasData) {
            swap(from, to);
            return;
        }
        int feed = hasData ? 1 : 0;
        data = withRoom(data, dataTo, to - from + feed);
        if (hasData) {
            data[dataTo++] = '\n';
        }
        System.arraycopy(b, from, data, dataTo, to - from);
        dataTo += to - from;
        hasData = true;
    }

    /** The kept line becomes the data as it is, so that a large event is in memory once. */
    private void swap(int from, int to) {
        byte[] free = data;
        data = line;
        line = free;
        dataFrom = from;
        dataTo = to;
        hasData = true;
    }

    private void dispatch() {
        boolean whole = hasData;
        int from = dataFrom;
        int to = dataTo;
        byte[] bytes = data;
        size = 0;
        hasData = false;
        dataFrom = 0;
        dataTo = 0;
        if (whole) {
            events.data(bytes, from, to);
        }
        if (data.length > KEPT) {
            data = new byte[LEAST];
        }
        if (line.length > KEPT) {
            line = new byte[LEAST];
        }
    }
}
