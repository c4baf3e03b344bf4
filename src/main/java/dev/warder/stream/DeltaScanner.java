package dev.warder.stream;

import dev.warder.json.JsonScanner;
import dev.warder.stream.MessageReader.DeltaKind;
import java.nio.charset.StandardCharsets;

/**
 * Finds the piece in a {@code content_block_delta} without building a tree. Nearly all events of a stream are of this type, and
 * the API writes them alike but for the piece, whose string literal a chunk then contains exactly as the event did. Events that
 * are written otherwise are left to a slower reader, which reports each delta that it reads.
 *
 * <p>One thread at a time.
 */
final class DeltaScanner {
    private static final int UNKNOWN = -1;

    private static final byte[] FRAME =
            ("event: " + EventType.CONTENT_BLOCK_DELTA.word() + "\ndata: ").getBytes(StandardCharsets.US_ASCII);

    /** The data before the piece as the API writes them; empty before the first delta. */
    private byte[] before = {};

    private DeltaKind kind = DeltaKind.TEXT;
    private long index;
    private int from;
    private int to;

    /** A delta of this content block was read, so that others like it may follow. */
    void expect(long block, DeltaKind like) {
        if (before.length == 0 || block != index || like != kind) {
            index = block;
            kind = like;
            String head = "{\"type\":\"content_block_delta\",\"index\":" + block + ",\"delta\":{\"type\":\"";
            before = (head + like.type + "\",\"" + like.member + "\":").getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** True if the bytes are an event that is expected. The other methods may be called only if they are. */
    boolean scan(byte[] bytes, int start, int end) {
        return scanData(bytes, start, end) == end;
    }

    /**
     * Scans the whole frame of an event that is expected.
     *
     * @return the index after the frame; -1 when such a frame does not begin at {@code start} or does not end at {@code end} at
     *     the latest. The other methods may be called only if it does
     */
    int scanFrame(byte[] bytes, int start, int end) {
        if (!SseReader.beginsWith(bytes, start, end, FRAME)) {
            return UNKNOWN;
        }
        int last = scanData(bytes, start + FRAME.length, end);
        boolean ends = last != UNKNOWN && end - last >= 2 && bytes[last] == '\n' && bytes[last + 1] == '\n';
        return ends ? last + 2 : UNKNOWN;
    }

    private int scanData(byte[] bytes, int start, int end) {
        if (before.length == 0 || !SseReader.beginsWith(bytes, start, end, before)) {
            return UNKNOWN;
        }
        from = start + before.length;
        to = JsonScanner.stringEnd(bytes, from, end);
        return to == UNKNOWN ? UNKNOWN : closingEnd(bytes, to, end);
    }

    /** The index after the brackets of the delta and of the event. Blanks may be between them: the API pads events so. */
    private static int closingEnd(byte[] bytes, int start, int end) {
        int brackets = 0;
        for (int i = start; i < end && (bytes[i] == '}' || bytes[i] == ' '); i++) {
            brackets += bytes[i] == '}' ? 1 : 0;
            if (brackets == 2) {
                return i + 1;
            }
        }
        return UNKNOWN;
    }

    DeltaKind kind() {
        return kind;
    }

    /** The index of the content block that the delta belongs to. */
    long index() {
        return index;
    }

    /** The index in the scanned bytes at which the piece's literal begins, with its quote. */
    int from() {
        return from;
    }

    int to() {
        return to;
    }
}
