package dev.warder.sse;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Follows an event stream that passes by unchanged, and knows whether it stands between two events, within one, or within
 * a line of one, and whether a terminal event has passed. Lines end with CR, LF or CRLF; pieces may be cut anywhere.
 *
 * <p>One thread at a time.
 */
public final class SseTap {
    /** Longer than any field name and event name that matters; the rest of a line is passed over quickly. */
    private static final int PREFIX = 40;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT = "event".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MESSAGE_STOP = "message_stop".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ERROR = "error".getBytes(StandardCharsets.US_ASCII);

    private final byte[] prefix = new byte[PREFIX];
    private long position;
    private int lineLength;
    private boolean afterCarriageReturn;
    private boolean inEvent;
    private boolean hasData;
    private boolean namedTerminal;
    private boolean terminated;

    /** Follows the remaining bytes of {@code piece} without consuming them. */
    public void follow(ByteBuffer piece) {
        for (int i = piece.position(); i < piece.limit(); i++) {
            byte b = piece.get(i);
            boolean secondOfLineEnd = b == '\n' && afterCarriageReturn;
            afterCarriageReturn = b == '\r';
            if (b == '\n' || b == '\r') {
                if (!secondOfLineEnd) {
                    endLine();
                }
            } else {
                if (lineLength < PREFIX) {
                    prefix[lineLength] = b;
                }
                lineLength++;
                dropByteOrderMark();
            }
            position++;
        }
    }

    /** Whether the stream stands between two events, where a comment of one's own disturbs nothing. */
    public boolean betweenEvents() {
        return !inEvent && lineLength == 0;
    }

    /** Whether a line has begun that did not end yet. */
    public boolean withinLine() {
        return lineLength > 0;
    }

    /** Whether a {@code message_stop} or an {@code error} event has been dispatched. */
    public boolean terminated() {
        return terminated;
    }

    /**
     * Whether the stream, if it ends properly here, has had its terminal event: also one that no empty line follows any
     * more, which some servers and clients take for whole.
     */
    public boolean terminatedAtEnd() {
        int colon = DATA.length;
        boolean inData = lineLength > colon && prefix[colon] == ':' && prefixIs(DATA, 0, colon);
        return terminated || (hasData || inData) && namedTerminal;
    }

    /** A whole byte order mark may open a stream and belongs to no line; a part of one is text. */
    private void dropByteOrderMark() {
        int length = BYTE_ORDER_MARK.length;
        if (position == length - 1 && lineLength == length && prefixIs(BYTE_ORDER_MARK, 0, length)) {
            lineLength = 0;
        }
    }

    private void endLine() {
        if (lineLength == 0) {
            dispatch();
        } else if (prefix[0] != ':') {
            inEvent = true;
            readField();
        }
        lineLength = 0;
    }

    private void readField() {
        int length = Math.min(lineLength, PREFIX);
        int colon = 0;
        while (colon < length && prefix[colon] != ':') {
            colon++;
        }
        if (prefixIs(DATA, 0, colon)) {
            hasData = true;
        } else if (prefixIs(EVENT, 0, colon)) {
            int from = Math.min(colon + 1, length);
            int start = from < length && prefix[from] == ' ' ? from + 1 : from;
            namedTerminal = prefixIs(MESSAGE_STOP, start, length) || prefixIs(ERROR, start, length);
        }
    }

    private boolean prefixIs(byte[] word, int from, int to) {
        return Arrays.equals(prefix, from, to, word, 0, word.length);
    }

    private void dispatch() {
        terminated |= hasData && namedTerminal;
        inEvent = false;
        hasData = false;
        namedTerminal = false;
    }
}
