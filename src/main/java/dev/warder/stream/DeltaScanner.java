package dev.warder.stream;

import dev.warder.json.JsonException;
import dev.warder.json.JsonHandler;
import dev.warder.json.JsonKind;
import dev.warder.json.JsonScanner;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds the piece in a {@code content_block_delta} without building a tree. Nearly all events of a stream are of this
 * type, and a chunk contains the string literal of the piece exactly as the event did. Events that it does not know are
 * left to a slower reader.
 *
 * <p>One thread at a time.
 */
final class DeltaScanner implements JsonHandler {
    private static final byte[] TYPE = quoted("type");
    private static final byte[] INDEX = quoted("index");
    private static final byte[] DELTA = quoted("delta");
    private static final byte[] OTHER = {};
    private static final byte[] CONTENT_BLOCK_DELTA = EventType.CONTENT_BLOCK_DELTA.literal();
    private static final DeltaKind[] KINDS = DeltaKind.values();
    private static final byte[][] TYPES =
            Arrays.stream(KINDS).map(kind -> quoted(kind.type)).toArray(byte[][]::new);
    private static final byte[][] MEMBERS =
            Arrays.stream(KINDS).map(kind -> quoted(kind.member)).toArray(byte[][]::new);
    private static final int UNKNOWN = -1;

    private static final byte[] FRAME =
            ("event: " + EventType.CONTENT_BLOCK_DELTA.word() + "\ndata: ").getBytes(StandardCharsets.US_ASCII);

    /** The most bytes before a piece that are remembered. */
    private static final int BEFORE = 256;

    private static final int INDEX_DIGITS = 9;

    private final JsonScanner scanner = new JsonScanner(this);
    private final int[] from = new int[KINDS.length];
    private final int[] to = new int[KINDS.length];
    private byte[] data = {};
    private int base;
    private int depth;
    private byte[] name = OTHER;
    private int member;
    private boolean inDelta;
    private boolean isDelta;
    private int kind;
    private int index;
    /** The data before the piece of the previous event; empty when it is not remembered. */
    private byte[] before = {};

    private static byte[] quoted(String word) {
        return ('"' + word + '"').getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether the bytes are such an event of a known kind. The other methods may be called only if they are. */
    boolean scan(byte[] bytes, int start, int end) {
        if (scanLike(bytes, start, end) == end) {
            return true;
        }
        before = OTHER;
        if (!scanAll(bytes, start, end)) {
            return false;
        }
        if (from() - start <= BEFORE && isOneLine(bytes, start, from()) && closingEnd(bytes, to(), end) == end) {
            before = Arrays.copyOfRange(bytes, start, from());
        }
        return true;
    }

    /** Data of several lines is joined by line feeds, which would end the data of a frame. */
    private static boolean isOneLine(byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] == '\n') {
                return false;
            }
        }
        return true;
    }

    /**
     * Scans the whole frame of an event that differs from the previous one only in its piece, and perhaps in blanks after it.
     *
     * @return the index after the frame; -1 when such a frame does not begin at {@code start} or does not end at {@code end} at
     *     the latest. The other methods may be called only if it does
     */
    int scanFrame(byte[] bytes, int start, int end) {
        if (!beginsWith(FRAME, bytes, start, end)) {
            return UNKNOWN;
        }
        int last = scanLike(bytes, start + FRAME.length, end);
        boolean ends = last != UNKNOWN && end - last >= 2 && bytes[last] == '\n' && bytes[last + 1] == '\n';
        return ends ? last + 2 : UNKNOWN;
    }

    /** Nearly every event has the same bytes before its piece as the previous one, so that only the piece has to be read. */
    private int scanLike(byte[] bytes, int start, int end) {
        if (before.length == 0 || !beginsWith(before, bytes, start, end)) {
            return UNKNOWN;
        }
        int first = start + before.length;
        int last = scanner.stringEnd(bytes, first, end);
        if (last == UNKNOWN) {
            return UNKNOWN;
        }
        from[kind] = first;
        to[kind] = last;
        return closingEnd(bytes, last, end);
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

    private static boolean beginsWith(byte[] word, byte[] bytes, int start, int end) {
        int last = start + word.length;
        return last <= end && Arrays.equals(bytes, start, last, word, 0, word.length);
    }

    private boolean scanAll(byte[] bytes, int start, int end) {
        data = bytes;
        base = start;
        depth = 0;
        inDelta = false;
        isDelta = false;
        kind = UNKNOWN;
        index = UNKNOWN;
        Arrays.fill(to, UNKNOWN);
        boolean readable = isJson(bytes, start, end);
        data = OTHER;
        return readable && isDelta && index != UNKNOWN && kind != UNKNOWN && to[kind] != UNKNOWN;
    }

    private boolean isJson(byte[] bytes, int start, int end) {
        try {
            scanner.restart();
            scanner.feed(bytes, start, end - start);
            scanner.finish();
            return true;
        } catch (JsonException unreadable) {
            return false;
        }
    }

    DeltaKind kind() {
        return KINDS[kind];
    }

    /** The index of the content block that the delta belongs to. */
    int index() {
        return index;
    }

    /** The index in the scanned bytes at which the piece's literal begins, with its quote. */
    int from() {
        return from[kind];
    }

    int to() {
        return to[kind];
    }

    @Override
    public void open(JsonKind opened, long at) {
        depth++;
        if (depth == 2) {
            inDelta = name == DELTA && opened == JsonKind.OBJECT;
        }
    }

    @Override
    public void close(JsonKind closed, long at) {
        depth--;
        inDelta &= depth > 1;
    }

    @Override
    public void name(long start, long end) {
        if (depth == 1) {
            name = is(TYPE, start, end) ? TYPE : is(INDEX, start, end) ? INDEX : is(DELTA, start, end) ? DELTA : OTHER;
        } else if (depth == 2 && inDelta) {
            member = is(TYPE, start, end) ? KINDS.length : find(MEMBERS, start, end);
        }
    }

    @Override
    public void scalar(JsonKind scalar, long start, long end) {
        if (depth == 1) {
            topLevel(scalar, start, end);
        } else if (depth == 2 && inDelta && scalar == JsonKind.STRING) {
            if (member == KINDS.length) {
                kind = find(TYPES, start, end);
            } else if (member != UNKNOWN) {
                from[member] = base + (int) start;
                to[member] = base + (int) end;
            }
        }
    }

    private void topLevel(JsonKind scalar, long start, long end) {
        if (name == TYPE) {
            isDelta = is(CONTENT_BLOCK_DELTA, start, end);
        } else if (name == INDEX) {
            index = scalar == JsonKind.NUMBER ? number(base + (int) start, base + (int) end) : UNKNOWN;
        }
    }

    private int number(int start, int end) {
        int value = 0;
        for (int i = start; i < end; i++) {
            if (data[i] < '0' || data[i] > '9' || end - start > INDEX_DIGITS) {
                return UNKNOWN;
            }
            value = 10 * value + data[i] - '0';
        }
        return value;
    }

    private int find(byte[][] literals, long start, long end) {
        for (int i = 0; i < literals.length; i++) {
            if (is(literals[i], start, end)) {
                return i;
            }
        }
        return UNKNOWN;
    }

    private boolean is(byte[] literal, long start, long end) {
        return Arrays.equals(data, base + (int) start, base + (int) end, literal, 0, literal.length);
    }
}
