package dev.warder.openai.shared;

import dev.warder.body.Chunks;
import dev.warder.json.JsonException;
import dev.warder.json.JsonKind;
import dev.warder.json.JsonScanner;
import dev.warder.json.ValueCount;
import java.nio.charset.StandardCharsets;

/** The memory that the values of a request's body take while it is translated. Thread-safe. */
public final class ValueMemory {
    /** Bytes that a name or a value takes in a tree and in what it is built with, at most; measured with Parsson. */
    static final long BYTES = 200;

    private ValueMemory() {}

    /**
     * Bytes that the values of {@code body} take in trees, at most. Arguments of tool calls are JSON in a string, and are
     * read too: each of their values follows a bracket, a brace, a comma or a colon, which may be escaped. Sealed reasoning is
     * JSON in base64, of a limited number of values for its length. A name that may be replaced takes more, see {@link PropertyNames}.
     */
    public static long of(Chunks body) {
        try {
            var values = new WithArguments(body);
            JsonScanner.scan(body, 0, body.length(), values);
            return BYTES * (values.documents.count() + values.inStrings + values.replaced);
        } catch (JsonException garbage) {
            return 0;
        }
    }

    private static final class WithArguments implements JsonScanner.Handler {
        private static final String ARGUMENTS = "\"arguments\"";
        private static final String SEALED = "\"encrypted_content\"";
        private static final int LONGEST_ESCAPED = 6 * SEALED.length();
        private static final int SEALED_VALUES = 64;
        private static final int CHARACTERS_FOR_EACH = 10;
        private static final int REPLACED_VALUES = 2;
        private static final int PIECE = 8 * 1024;

        private final Chunks body;
        private final ValueCount documents = new ValueCount();
        private long inStrings;
        /** Values that stand for the memory of the names that may be replaced. */
        private long replaced;

        private boolean afterArguments;
        private boolean afterSealed;

        WithArguments(Chunks body) {
            this.body = body;
        }

        @Override
        public void open(JsonKind kind, long at) {
            forget();
            documents.open(kind, at);
        }

        @Override
        public void close(JsonKind kind, long at) {
            forget();
        }

        @Override
        public void name(long from, long to) {
            documents.name(from, to);
            var name = to - from > LONGEST_ESCAPED ? "" : new String(body.copy(from, to), StandardCharsets.ISO_8859_1);
            boolean escaped = name.indexOf('\\') >= 0;
            afterArguments = escaped || name.equals(ARGUMENTS);
            afterSealed = escaped || name.equals(SEALED);
            if (name.isEmpty() || !PropertyNames.isAccepted(name, 1, name.length() - 1)) {
                replaced += REPLACED_VALUES;
            }
        }

        @Override
        public void scalar(JsonKind kind, long from, long to) {
            documents.scalar(kind, from, to);
            if (afterArguments && kind == JsonKind.STRING) {
                inStrings += inText(from, to);
            }
            if (afterSealed && kind == JsonKind.STRING) {
                long length = to - from;
                inStrings += Math.min(length / 2, SEALED_VALUES + length / CHARACTERS_FOR_EACH);
            }
            forget();
        }

        private void forget() {
            afterArguments = false;
            afterSealed = false;
        }

        private long inText(long from, long to) {
            long found = 1;
            byte before = 0;
            for (long at = from; at < to; at += PIECE) {
                for (byte c : body.copy(at, Math.min(to, at + PIECE))) {
                    boolean escaped = before == '\\' && c == 'u';
                    found += c == '[' || c == '{' || c == ',' || c == ':' || escaped ? 1 : 0;
                    before = c;
                }
            }
            return found;
        }
    }
}
