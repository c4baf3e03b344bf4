package dev.warder.stream;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cuts an event stream into its events without changing a byte (WHATWG HTML, section 9.2.5), so that one of them can be
 * edited. An event ends with an empty line.
 *
 * <p>One thread at a time.
 */
public final class EventCutter {
    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
    private static final byte BLANK = ' ';

    private boolean lineIsEmpty = true;
    private boolean afterCarriageReturn;

    /**
     * Reads the bytes of {@code b} from {@code from} on, up to the end of an event.
     *
     * @return the index after that event; -1 when no event ends. The second half of a CRLF belongs to the next event
     */
    public int end(byte[] b, int from) {
        for (int i = from; i < b.length; i++) {
            boolean secondHalf = afterCarriageReturn && b[i] == '\n';
            boolean lineEnds = b[i] == '\n' || b[i] == '\r';
            afterCarriageReturn = b[i] == '\r';
            if (lineEnds && !secondHalf && lineIsEmpty) {
                return i + 1;
            }
            lineIsEmpty = lineEnds;
        }
        return -1;
    }

    /**
     * The data of an event in their places: a copy of the event in which all other bytes are blanks. JSON can be scanned
     * in it, and the positions that a scanner finds are those of the event.
     *
     * @return empty when the event has no data
     */
    public static Optional<byte[]> dataInPlace(byte[] event) {
        byte[] data = new byte[event.length];
        Arrays.fill(data, BLANK);
        boolean found = false;
        int line = SseReader.afterMark(event, 0, event.length);
        while (line < event.length) {
            int end = SseReader.LineEnd.find(event, line, event.length);
            if (SseReader.isField(event, line, end, DATA)) {
                int value = SseReader.valueFrom(event, line + DATA.length, end);
                System.arraycopy(event, value, data, value, end - value);
                found |= value < end;
            }
            line = end + 1;
        }
        return found ? Optional.of(data) : Optional.empty();
    }
}
