package dev.warder.stream;

import java.util.Arrays;

/**
 * Cuts an event stream into lines (WHATWG HTML, section 9.2.5), regardless of how it is cut into pieces. Lines end with
 * CR, LF or CRLF. A byte order mark before the first line belongs to no line. A line that lies in one piece is not
 * copied.
 *
 * <p>One thread at a time.
 */
final class SseLines {
    /** Receives the lines. */
    interface Listener {
        /**
         * A line has ended.
         *
         * @param b holds the line, without its end, from {@code from} to {@code to}; reused after this call. It holds
         *     at most the kept bytes of a line that came in several pieces
         */
        void line(byte[] b, int from, int to);
    }

    static final SseReader.Frames NO_FRAMES = (b, from, to) -> from;

    /** Bytes that the array of an open line may have between two events. */
    private static final int LARGEST_IDLE = 4 * 1024;

    private static final int LEAST = 512;
    private static final byte[] NOTHING = {};
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final int least;
    private final long limit;
    private final Listener listener;
    private final SseReader.Frames frames;
    private int mostKept;
    private byte[] open = NOTHING;
    private int kept;
    private long length;
    private long size;
    private boolean first = true;
    private boolean afterCarriageReturn;
    private boolean shortened;

    /**
     * @param mostKept bytes of an open line that are kept until it ends; the others are dropped
     * @param least bytes of the array of an open line, which is made for the first one and grows with them
     * @param limit bytes of the lines of one event, comments included
     */
    SseLines(int mostKept, int least, long limit, Listener listener) {
        this(mostKept, least, limit, listener, NO_FRAMES);
    }

    SseLines(int limit, Listener listener, SseReader.Frames frames) {
        this(Integer.MAX_VALUE, LEAST, limit, listener, frames);
    }

    private SseLines(int mostKept, int least, long limit, Listener listener, SseReader.Frames frames) {
        this.mostKept = mostKept;
        this.least = Math.min(mostKept, least);
        this.limit = limit;
        this.listener = listener;
        this.frames = frames;
    }

    /** From the next line on, this many bytes of an open line are kept. To be called by the listener. */
    void keepAtMost(int bytes) {
        mostKept = bytes;
    }

    boolean isShortened() {
        return shortened;
    }

    /** Reads the bytes from {@code from} to {@code to} of a stream whose events have no limit. */
    void feedUnlimited(byte[] b, int from, int to) {
        try {
            feed(b, from, to);
        } catch (EventTooLargeException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    void end() {
        if (length > 0) {
            endOpenLine();
        }
    }

    /** Whether a line has begun that has not ended yet. A byte order mark before the first line begins none. */
    boolean withinLine() {
        return length > 0 && !(first && length == BYTE_ORDER_MARK.length && isMarked(open, 0, kept));
    }

    /** Whether the kept bytes of the open line begin with {@code word}, which is no longer than the kept bytes. */
    boolean openLineBeginsWith(byte[] word) {
        int from = first && isMarked(open, 0, kept) ? BYTE_ORDER_MARK.length : 0;
        return beginsWith(open, from, kept, word);
    }

    /** Whether {@code b}, which was passed to the listener, is the array of this object. */
    @SuppressWarnings("ReferenceEquality")
    boolean owns(byte[] b) {
        return b == open;
    }

    byte[] exchange(byte[] free) {
        byte[] given = open;
        open = free;
        return given;
    }

    /** Whether the bytes begin with {@code word}. */
    static boolean beginsWith(byte[] b, int from, int to, byte[] word) {
        int end = from + word.length;
        return end <= to && Arrays.equals(b, from, end, word, 0, word.length);
    }

    /**
     * Reads the bytes from {@code from} to {@code to}.
     *
     * @throws EventTooLargeException when an event exceeds the limit; the caller must feed nothing after that
     */
    void feed(byte[] b, int from, int to) throws EventTooLargeException {
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

    private int frame(byte[] b, int from, int to) {
        boolean betweenEvents = !first && length == 0 && size == 0;
        return betweenEvents ? frames.frame(b, from, from + (int) Math.min(limit, to - from)) : from;
    }

    private void count(int more) throws EventTooLargeException {
        if (more > limit - size) {
            open = NOTHING;
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
            from += isMarked(b, from, to) ? BYTE_ORDER_MARK.length : 0;
        }
        if (from == to) {
            size = 0;
        }
        listener.line(b, from, to);
        if (from == to && open.length > LARGEST_IDLE) {
            open = NOTHING;
        }
    }

    private static boolean isMarked(byte[] b, int from, int to) {
        return beginsWith(b, from, to, BYTE_ORDER_MARK);
    }
}
