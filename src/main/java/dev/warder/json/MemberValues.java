package dev.warder.json;

import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads some members of a large response, an object, and keeps nothing of the rest. The document comes in pieces of any length. Of several
 * members of one name the last one counts.
 *
 * <p>Memory: the values, and less than 1 KiB. One thread at a time.
 */
public final class MemberValues {
    private static final byte[] NOTHING = {};

    private final Names names;
    private final byte[][] values;
    private final int limit;
    private final JsonScanner scanner = JsonScanner.ofResponse(new Members());
    private final ByteArrayOutputStream value = new ByteArrayOutputStream();
    /** The last bytes before the current piece, as many as a name may have. */
    private byte[] before = NOTHING;

    private byte[] piece = NOTHING;
    private int offset;
    private long position;

    private int depth;
    /** The member whose value is read; negative when there is none. */
    private int reads = -1;

    private long unread;
    private boolean tooLarge;

    /**
     * The names of members to find in documents, as they are written there. Immutable.
     *
     * @param longest bytes of the longest one with its quotation marks
     */
    public record Names(List<byte[]> quoted, int longest) {
        /** These names, which are ASCII without characters that JSON escapes. */
        public static Names of(String... names) {
            var quoted = Stream.of(names)
                    .map(name -> ('"' + name + '"').getBytes(StandardCharsets.US_ASCII))
                    .toList();
            return new Names(
                    quoted, quoted.stream().mapToInt(name -> name.length).max().orElse(0));
        }
    }

    /** @param limit bytes of one value */
    public MemberValues(Names names, int limit) {
        this.names = names;
        this.values = new byte[names.quoted.size()][];
        this.limit = limit;
    }

    /**
     * Reads {@code count} bytes from {@code from}.
     *
     * @throws JsonException when they cannot be JSON; nothing may be called afterwards
     */
    public void feed(byte[] b, int from, int count) throws JsonException {
        piece = b;
        offset = from;
        scanner.feed(b, from, count);
        keep(position + count);
        remember(count);
        position += count;
        piece = NOTHING;
    }

    /**
     * The document has ended: an object with those of the members that it has; empty if it has none, if it is not an object, or
     * if a value exceeds the limit.
     *
     * @throws JsonException when the document is not complete
     */
    public Optional<JsonObject> finish() throws JsonException {
        scanner.finish();
        value.reset();
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null) {
                value.write(value.size() == 0 ? '{' : ',');
                value.writeBytes(names.quoted.get(i));
                value.writeBytes(values[i]);
            }
        }
        boolean isEmpty = value.size() == 0;
        value.write('}');
        return tooLarge || isEmpty ? Optional.empty() : JsonTree.parseObject(value.toString(StandardCharsets.UTF_8));
    }

    private void keep(long end) {
        if (reads >= 0) {
            long start = Math.max(unread, position);
            if (end - start > limit - value.size()) {
                tooLarge = true;
                reads = -1;
            } else if (end > start) {
                value.write(piece, offset + (int) (start - position), (int) (end - start));
            }
        }
    }

    private void remember(int count) {
        int longest = names.longest;
        if (count >= longest) {
            before = Arrays.copyOfRange(piece, offset + count - longest, offset + count);
        } else {
            byte[] all = Arrays.copyOf(before, before.length + count);
            System.arraycopy(piece, offset, all, before.length, count);
            before = Arrays.copyOfRange(all, Math.max(0, all.length - longest), all.length);
        }
    }

    private int find(long from, long to) {
        for (int i = 0; i < values.length; i++) {
            byte[] name = names.quoted.get(i);
            if (name.length == to - from && is(name, from)) {
                return i;
            }
        }
        return -1;
    }

    private boolean is(byte[] name, long from) {
        for (int i = 0; i < name.length; i++) {
            if (name[i] != at(from + i)) {
                return false;
            }
        }
        return true;
    }

    private byte at(long index) {
        return index >= position
                ? piece[offset + (int) (index - position)]
                : before[before.length - (int) (position - index)];
    }

    /** Finds the members at the top of the document. */
    private final class Members implements JsonScanner.Handler {
        @Override
        public void open(JsonKind kind, long at) {
            depth++;
        }

        @Override
        public void close(JsonKind kind, long at) {
            depth--;
            ended(at + 1);
        }

        @Override
        public void name(long from, long to) {
            if (depth == 1) {
                reads = find(from, to);
                unread = to;
                value.reset();
            }
        }

        @Override
        public void scalar(JsonKind kind, long from, long to) {
            ended(to);
        }

        private void ended(long end) {
            if (depth == 1 && reads >= 0) {
                keep(end);
            }
            if (depth == 1 && reads >= 0) {
                values[reads] = value.toByteArray();
                reads = -1;
            }
        }
    }
}
