package dev.warder.stream;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the events of an event stream (WHATWG HTML, section 9.2), regardless of how it is cut into pieces. Lines end with CR,
 * LF or CRLF. A byte order mark before the first line belongs to no line. Data and name are passed on as bytes, unchanged.
 *
 * <p>Memory: the data of one event, and one more line where the data has several or a line comes in several pieces. A reader
 * that {@linkplain #skipping skips} keeps nothing of the data that its listener does not want.
 *
 * <p>One thread at a time.
 */
public final class SseReader {
    /** Receives the events. */
    public interface Listener {
        /**
         * The event that is being read has this name: the bytes from {@code from} to {@code to}.
         *
         * @return whether the event is wanted; the end of any other is not reported
         */
        default boolean named(byte[] b, int from, int to) {
            return true;
        }

        /**
         * Reads one event without having it cut into lines, if it knows its frame.
         *
         * @param b holds bytes of the stream from {@code from}, where an event may begin, to {@code to}
         * @return the index after the frame, with its empty line; {@code from} when it was not read
         */
        default int frame(byte[] b, int from, int to) {
            return from;
        }

        /**
         * An event with data has ended; {@link SseReader#name} is its name.
         *
         * @param bytes hold its {@code data} fields, joined by line feeds, from {@code from} to {@code to}; reused
         *     after this call
         */
        void event(byte[] bytes, int from, int to);

        /** An event has ended of whose data a part was skipped. */
        default void skipped() {}
    }

    /** An event is larger than its reader accepts. */
    public static final class EventTooLargeException extends IOException {
        EventTooLargeException(long limit) {
            super("an event of more than " + limit + " bytes");
        }
    }

    /** Bytes that an array may have between two events. */
    private static final int LARGEST_IDLE = 4 * 1024;

    private static final int LEAST = 512;

    /** The same where few events are wanted, so that their data is not kept between two events. */
    private static final int LEAST_WANTED = 128;

    /** Bytes that are kept of the lines of an event that is not wanted: only field names matter. */
    private static final int SHORT = 64;

    private static final int SHORT_NAME = 32;
    private static final byte[] NOTHING = {};
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final byte[] DATA = {'d', 'a', 't', 'a'};
    private static final byte[] DATA_VALUE = {'d', 'a', 't', 'a', ':'};
    private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't'};

    private final boolean skips;
    private final long limit;
    private final int mostOfLine;
    private final int mostData;
    private final int least;
    private final Listener listener;

    /** The bytes of an open line that came in earlier pieces, as many of them as are kept. */
    private byte[] open = NOTHING;

    private int mostKept;
    private int kept;
    private long length;
    private boolean shortened;
    private boolean first = true;
    private boolean afterCarriageReturn;

    /** Bytes of the lines of this event. */
    private long size;

    private boolean inEvent;
    private boolean wanted = true;
    private byte[] name = NOTHING;
    private int nameLength;
    private byte[] data = NOTHING;
    private int dataFrom;
    private int dataTo;
    private boolean hasData;

    /** Whether the event has data that is wanted. */
    private boolean keepsData;

    private boolean incomplete;

    /**
     * @param limit bytes of the lines of one event, comments included
     * @param listener is called with each event when its last line has ended
     */
    public SseReader(int limit, Listener listener) {
        this(false, limit, limit, limit, listener);
    }

    private SseReader(boolean skips, long limit, int mostOfLine, int mostData, Listener listener) {
        this.skips = skips;
        this.limit = limit;
        this.mostOfLine = mostOfLine;
        this.mostData = mostData;
        this.least = Math.min(mostOfLine, skips ? LEAST_WANTED : LEAST);
        this.listener = listener;
        this.mostKept = mostOfLine;
    }

    /**
     * A reader of events of any size, which skips what is too large to keep, and asks for no frames.
     *
     * @param mostOfLine bytes that are kept of a line that comes in several pieces; more than any field name and value that matters
     * @param mostData bytes of data that are kept of one event
     */
    static SseReader skipping(int mostOfLine, int mostData, Listener listener) {
        return new SseReader(true, Long.MAX_VALUE, mostOfLine, mostData, listener);
    }

    /**
     * Reads the bytes from {@code from} to {@code to}.
     *
     * @throws EventTooLargeException when an event exceeds the limit; the caller must feed nothing after that
     */
    public void feed(byte[] b, int from, int to) throws EventTooLargeException {
        int start = from;
        if (afterCarriageReturn && start < to) {
            afterCarriageReturn = false;
            start += b[start] == '\n' ? 1 : 0;
        }
        while (start < to) {
            int next = frame(b, start, to);
            if (next > start) {
                start = next;
                continue;
            }
            int end = LineEnd.find(b, start, to);
            count(end - start);
            if (end == to) {
                keep(b, start, end);
                return;
            }
            if (length > 0) {
                keep(b, start, end);
                endOpenLine();
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

    /** Reads the bytes from {@code from} to {@code to} of a stream whose events have no limit. */
    void feedUnlimited(byte[] b, int from, int to) {
        try {
            feed(b, from, to);
        } catch (EventTooLargeException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Ends the stream: an event without its empty line counts as complete. */
    public void end() {
        if (length > 0) {
            endOpenLine();
        }
        dispatch();
    }

    public String name() {
        return nameLength == 0 ? "message" : new String(name, 0, nameLength, StandardCharsets.UTF_8);
    }

    /** Whether a line has begun that has not ended yet. A byte order mark before the first line begins none. */
    boolean withinLine() {
        return length > 0 && !(first && afterMark(open, 0, kept) == length);
    }

    /** Whether no event has begun that has not ended yet; a comment belongs to none. */
    boolean betweenEvents() {
        return !inEvent && !withinLine();
    }

    /** Whether a wanted event is the last one of a message by its name. */
    boolean isNamedLast() {
        return wanted && EventType.isLast(name, 0, nameLength);
    }

    /** Whether the event that is being read has data, which may have begun in the open line. */
    boolean hasData() {
        int from = first ? afterMark(open, 0, kept) : 0;
        return hasData || beginsWith(open, from, kept, DATA_VALUE);
    }

    private int frame(byte[] b, int from, int to) {
        boolean betweenLines = !skips && !first && length == 0 && size == 0;
        return betweenLines ? listener.frame(b, from, from + (int) Math.min(limit, to - from)) : from;
    }

    private void count(int more) throws EventTooLargeException {
        if (more > limit - size) {
            open = NOTHING;
            data = NOTHING;
            throw new EventTooLargeException(limit);
        }
        size += more;
    }

    private void keep(byte[] b, int from, int to) {
        int more = Math.min(to - from, mostKept - kept);
        if (more > open.length - kept) {
            open = Arrays.copyOf(open, Math.max(kept + more, Math.max(least, 2 * open.length)));
        }
        System.arraycopy(b, from, open, kept, more);
        kept += more;
        length += to - from;
    }

    private void endOpenLine() {
        int to = kept;
        shortened = length > kept;
        length = 0;
        kept = 0;
        line(open, 0, to);
        shortened = false;
    }

    private void line(byte[] b, int lineFrom, int to) {
        int from = lineFrom;
        if (first) {
            first = false;
            from = afterMark(b, from, to);
        }
        if (from == to) {
            size = 0;
            dispatch();
        } else if (b[from] != ':') {
            inEvent = true;
            field(b, from, to);
        }
    }

    private void field(byte[] b, int from, int to) {
        if (isField(b, from, to, DATA)) {
            addData(b, valueFrom(b, from + DATA.length, to), to);
        } else if (isField(b, from, to, EVENT)) {
            setName(b, valueFrom(b, from + EVENT.length, to), to);
        }
    }

    static boolean isField(byte[] b, int from, int to, byte[] field) {
        int colon = from + field.length;
        return beginsWith(b, from, to, field) && (colon == to || b[colon] == ':');
    }

    /** The index at which the value of the field begins whose name ends at {@code colon}. */
    static int valueFrom(byte[] b, int colon, int to) {
        int value = Math.min(to, colon + 1);
        return value < to && b[value] == ' ' ? value + 1 : value;
    }

    /** The index after a byte order mark at {@code from}. */
    static int afterMark(byte[] b, int from, int to) {
        return beginsWith(b, from, to, BYTE_ORDER_MARK) ? from + BYTE_ORDER_MARK.length : from;
    }

    static boolean beginsWith(byte[] b, int from, int to, byte[] word) {
        int end = from + word.length;
        return end <= to && Arrays.equals(b, from, end, word, 0, word.length);
    }

    private void setName(byte[] b, int from, int to) {
        wanted = listener.named(b, from, to);
        mostKept = wanted ? mostOfLine : Math.min(mostOfLine, SHORT);
        if (!wanted) {
            return;
        }
        nameLength = to - from;
        if (nameLength > name.length) {
            name = new byte[Math.max(SHORT_NAME, nameLength)];
        }
        System.arraycopy(b, from, name, 0, nameLength);
    }

    @SuppressWarnings("ReferenceEquality") // Whether it is the array of the open line.
    private void addData(byte[] b, int from, int to) {
        hasData = true;
        if (!wanted) {
            return;
        }
        int feed = keepsData ? 1 : 0;
        keepsData = true;
        if (shortened || to - from > mostData - (dataTo - dataFrom) - feed) {
            incomplete = true;
            return;
        }
        if (feed == 0 && b == open) {
            // A large event is in memory once: the kept line becomes the data as it is.
            open = data;
            data = b;
            dataFrom = from;
            dataTo = to;
            return;
        }
        int needed = dataTo + feed + to - from;
        if (needed > data.length) {
            data = Arrays.copyOf(data, Math.max(needed, Math.max(least, 2 * data.length)));
        }
        if (feed > 0) {
            data[dataTo] = '\n';
        }
        System.arraycopy(b, from, data, dataTo + feed, to - from);
        dataTo = needed;
    }

    private void dispatch() {
        if (keepsData && wanted) {
            if (incomplete) {
                listener.skipped();
            } else {
                listener.event(data, dataFrom, dataTo);
            }
        }
        inEvent = false;
        wanted = true;
        hasData = false;
        keepsData = false;
        incomplete = false;
        dataFrom = 0;
        dataTo = 0;
        nameLength = 0;
        mostKept = mostOfLine;
        if (open.length > LARGEST_IDLE) {
            open = NOTHING;
        }
        if (data.length > (skips ? 0 : LARGEST_IDLE)) {
            data = NOTHING;
        }
        if (name.length > LARGEST_IDLE) {
            name = NOTHING;
        }
    }

    /** Finds the ends of lines, eight bytes at a time. */
    static final class LineEnd {
        /** At any index; the first of the eight bytes is the lowest. */
        private static final VarHandle EIGHT_BYTES =
                MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

        /** Times a byte: that byte eight times. */
        private static final long EACH = 0x0101_0101_0101_0101L;

        private static final long HIGHEST = 0x8080_8080_8080_8080L;

        private LineEnd() {}

        static int find(byte[] b, int from, int to) {
            int i = from;
            while (i <= to - 2 * Long.BYTES) {
                if (mayEnd((long) EIGHT_BYTES.get(b, i)) || mayEnd((long) EIGHT_BYTES.get(b, i + Long.BYTES))) {
                    int end = search(b, i, i + 2 * Long.BYTES);
                    if (end < i + 2 * Long.BYTES) {
                        return end;
                    }
                }
                i += 2 * Long.BYTES;
            }
            return search(b, i, to);
        }

        /** Control characters are rare but at the ends of lines, so that one comparison finds nearly always an end. */
        private static boolean mayEnd(long bytes) {
            return ((bytes - EACH * ('\r' + 1)) & ~bytes & HIGHEST) != 0;
        }

        private static int search(byte[] b, int from, int to) {
            int i = from;
            while (i <= to - Long.BYTES) {
                long bytes = (long) EIGHT_BYTES.get(b, i);
                long ends = zeros(bytes ^ EACH * '\n') | zeros(bytes ^ EACH * '\r');
                if (ends != 0) {
                    return i + Long.numberOfTrailingZeros(ends) / Byte.SIZE;
                }
                i += Long.BYTES;
            }
            while (i < to && b[i] != '\n' && b[i] != '\r') {
                i++;
            }
            return i;
        }

        /** The lowest bit that is set belongs to the first byte that is 0: only higher bytes are affected by its borrow. */
        private static long zeros(long bytes) {
            return (bytes - EACH) & ~bytes & HIGHEST;
        }
    }
}
