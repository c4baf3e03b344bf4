package dev.warder.json;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Validates a body while it arrives and finds its outline: the document must be an object, and the members that decide
 * about a request must not come twice, as two readers could take different ones. Other duplicates pass.
 *
 * <p>Memory: constant. One thread at a time.
 */
public final class OutlineScanner {
    private final Members members;
    private final JsonScanner scanner;

    /** A scanner of a body whose bytes are appended to {@code body} <em>before</em> they are fed to it. */
    public OutlineScanner(Chunks body) {
        members = new Members(body);
        scanner = new JsonScanner(members);
    }

    /** Scans a body that is there as a whole. */
    public static JsonOutline outline(Chunks body) throws JsonException {
        Members members = new Members(body);
        JsonScanner.scan(body, 0, body.length(), members);
        return members.outline();
    }

    /** Scans the bytes appended last; {@link JsonException} as soon as the body is to be refused. */
    public void feed(byte[] b, int off, int len) throws JsonException {
        scanner.feed(b, off, len);
    }

    /** Says that no more bytes come. */
    public JsonOutline finish() throws JsonException {
        scanner.finish();
        return members.outline();
    }

    /** The members that decide about a request. */
    private enum Deciding {
        MODEL("model"),
        STREAM("stream"),
        SYSTEM("system"),
        MAX_TOKENS("max_tokens");

        final String text;

        Deciding(String text) {
            this.text = text;
        }

        static @Nullable Deciding of(JsonText name) {
            for (Deciding candidate : values()) {
                if (name.is(candidate.text)) {
                    return candidate;
                }
            }
            return null;
        }
    }

    private static final class Members implements JsonHandler {
        private final Chunks body;
        private final Map<Deciding, JsonMember> found = new EnumMap<>(Deciding.class);
        private @Nullable Deciding current;
        private int depth;
        private long valueStart;
        private long closingBrace;
        private boolean hasMembers;

        Members(Chunks body) {
            this.body = body;
        }

        @Override
        public void open(JsonKind kind, long at) throws JsonException {
            if (depth == 0 && kind != JsonKind.OBJECT) {
                throw notAnObject(at);
            }
            if (depth == 1) {
                valueStart = at;
            }
            depth++;
        }

        @Override
        public void close(JsonKind kind, long at) {
            depth--;
            if (depth == 0) {
                closingBrace = at;
            } else if (depth == 1) {
                value(kind, valueStart, at + 1);
            }
        }

        @Override
        public void name(long from, long to) throws JsonException {
            if (depth == 1) {
                hasMembers = true;
                current = Deciding.of(new JsonText(body, from, to));
                if (current != null && found.containsKey(current)) {
                    throw new JsonException("the member \"" + current.text + "\" comes twice", from);
                }
            }
        }

        @Override
        public void scalar(JsonKind kind, long from, long to) throws JsonException {
            if (depth == 0) {
                throw notAnObject(from);
            }
            if (depth == 1) {
                value(kind, from, to);
            }
        }

        private void value(JsonKind kind, long from, long to) {
            if (current != null) {
                found.put(current, new JsonMember(kind, from, to));
            }
        }

        private static JsonException notAnObject(long at) {
            return new JsonException("the body must be an object", at);
        }

        JsonOutline outline() {
            return new JsonOutline(
                    closingBrace,
                    hasMembers,
                    member(Deciding.MODEL),
                    member(Deciding.STREAM),
                    member(Deciding.SYSTEM),
                    member(Deciding.MAX_TOKENS));
        }

        private JsonMember member(Deciding name) {
            return found.getOrDefault(name, JsonMember.ABSENT);
        }
    }
}
