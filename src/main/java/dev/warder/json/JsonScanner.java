package dev.warder.json;

import dev.warder.body.Chunks;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * A validating scanner of one RFC 8259 document in UTF-8. The document may be cut into pieces anywhere. The scanner builds no
 * tree; it reports positions to the handler. Where the RFC leaves a choice it is strict with requests: no byte order mark,
 * nesting at most 128 deep, at most 256 digits in a number, and no unpaired surrogate, escaped or raw. Responses were written
 * by the upstream and are read as far as the RFC allows: up to 2^20 deep, any number, and also escapes of single surrogates.
 *
 * <p>Memory: constant, and one byte for each open object or array of a response. After a {@link JsonException} nothing may be called. One thread at a time.
 */
public final class JsonScanner {
    private enum State {
        VALUE,
        FIRST_ITEM,
        FIRST_NAME,
        NAME,
        COLON,
        NEXT,
        END,
        STRING,
        NUMBER,
        LITERAL
    }

    /** Limits of a document beyond which some readers fail. */
    private record Limits(int depth, int digits, boolean singleSurrogates) {
        static final Limits REQUEST = new Limits(128, 256, false);
        static final Limits RESPONSE = new Limits(1 << 20, Integer.MAX_VALUE, true);
    }

    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private final Handler handler;
    private final StringScanner string;
    private final NumberScanner number;
    private final Nesting nesting;
    private State state = State.VALUE;
    private long position;
    private long tokenStart;
    private boolean isName;
    private JsonKind literal = JsonKind.NULL;
    private byte[] word = NULL;

    /** Creates a scanner of a document whose first byte has the offset 0. */
    public JsonScanner(Handler handler) {
        this(handler, 0, Limits.REQUEST);
    }

    private JsonScanner(Handler handler, long position, Limits limits) {
        this.handler = handler;
        this.position = position;
        this.string = new StringScanner(limits.singleSurrogates);
        this.number = new NumberScanner(limits.digits);
        this.nesting = new Nesting(limits.depth);
    }

    /** Creates a scanner of a response whose first byte has the offset 0. */
    public static JsonScanner ofResponse(Handler handler) {
        return new JsonScanner(handler, 0, Limits.RESPONSE);
    }

    /**
     * Scans one value inside a body; offsets are those of the body.
     *
     * @throws JsonException when the range is not exactly one value
     */
    public static void scan(Chunks body, long from, long to, Handler handler) throws JsonException {
        JsonScanner scanner = new JsonScanner(handler, from, Limits.REQUEST);
        body.read(from, to, scanner::feed);
        scanner.finish();
    }

    /** Scans the next {@code len} bytes from {@code off}; throws {@link JsonException} as soon as they cannot be JSON. */
    public void feed(byte[] b, int off, int len) throws JsonException {
        Objects.checkFromIndexSize(off, len, b.length);
        long origin = position - off;
        int end = off + len;
        int i = off;
        while (i < end) {
            switch (state) {
                case STRING -> i = string(b, i, end, origin);
                case NUMBER -> i = number(b, i, end, origin);
                case LITERAL -> literal(b[i], origin + i++);
                default -> structure(b[i], origin + i++);
            }
        }
        position += len;
    }

    /** Marks the end of the input; throws {@link JsonException} when the document is not complete. */
    public void finish() throws JsonException {
        if (state == State.NUMBER) {
            number.finish(position);
            scalar(JsonKind.NUMBER, position);
        }
        if (state == State.VALUE && nesting.isRoot()) {
            throw new JsonException("the document is empty", position);
        }
        if (state != State.END) {
            throw new JsonException("the document ends early", position);
        }
    }

    /**
     * The index after the string literal that begins at {@code from}, or -1 when none begins there that ends at {@code to} at the
     * latest.
     */
    public static int stringEnd(byte[] b, int from, int to) {
        if (from >= to || b[from] != '"') {
            return -1;
        }
        var string = new StringScanner(false);
        string.begin();
        try {
            int end = string.scan(b, from + 1, to, 0);
            return string.closed() ? end : -1;
        } catch (JsonException unreadable) {
            return -1;
        }
    }

    private int string(byte[] b, int from, int end, long origin) throws JsonException {
        int i = string.scan(b, from, end, origin);
        if (string.closed() && isName) {
            state = State.COLON;
            handler.name(tokenStart, origin + i);
        } else if (string.closed()) {
            scalar(JsonKind.STRING, origin + i);
        }
        return i;
    }

    private int number(byte[] b, int from, int end, long origin) throws JsonException {
        int i = number.scan(b, from, end, origin);
        if (i < end) {
            scalar(JsonKind.NUMBER, origin + i);
        }
        return i;
    }

    private void literal(byte c, long at) throws JsonException {
        int read = (int) (at - tokenStart);
        expect(c == word[read], "not a value", at);
        if (read + 1 == word.length) {
            scalar(literal, at + 1);
        }
    }

    private void scalar(JsonKind kind, long end) throws JsonException {
        afterValue();
        handler.scalar(kind, tokenStart, end);
    }

    private void afterValue() {
        state = nesting.isRoot() ? State.END : State.NEXT;
    }

    private void structure(byte c, long at) throws JsonException {
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            return;
        }
        expect(c != 0, "a NUL byte: the document must be in UTF-8", at);
        switch (state) {
            case FIRST_ITEM, FIRST_NAME, NEXT -> mayClose(c, at);
            case NAME -> name(c, at);
            case COLON -> {
                expect(c == ':', "a colon must follow the name", at);
                state = State.VALUE;
            }
            case END -> expect(false, "something follows the document", at);
            default -> value(c, at);
        }
    }

    private void mayClose(byte c, long at) throws JsonException {
        if (c == nesting.closingBracket()) {
            JsonKind kind = nesting.close();
            afterValue();
            handler.close(kind, at);
        } else if (state == State.FIRST_ITEM) {
            value(c, at);
        } else if (state == State.FIRST_NAME) {
            name(c, at);
        } else {
            expect(c == ',', "a comma or the closing bracket must follow a value", at);
            state = nesting.inObject() ? State.NAME : State.VALUE;
        }
    }

    private void name(byte c, long at) throws JsonException {
        expect(c == '"', "a name in quotes is required here", at);
        beginString(true, at);
    }

    private void value(byte c, long at) throws JsonException {
        tokenStart = at;
        switch (c) {
            case '"' -> beginString(false, at);
            case '{' -> open(JsonKind.OBJECT, at);
            case '[' -> open(JsonKind.ARRAY, at);
            case 't' -> beginLiteral(JsonKind.TRUE, TRUE);
            case 'f' -> beginLiteral(JsonKind.FALSE, FALSE);
            case 'n' -> beginLiteral(JsonKind.NULL, NULL);
            default -> {
                expect(c >= 0 || !nesting.isRoot(), "a byte order mark or a character beyond ASCII", at);
                expect(c == '-' || (c >= '0' && c <= '9'), "not a value", at);
                number.begin(c);
                state = State.NUMBER;
            }
        }
    }

    private void beginLiteral(JsonKind kind, byte[] written) {
        literal = kind;
        word = written;
        state = State.LITERAL;
    }

    private void beginString(boolean asName, long at) {
        tokenStart = at;
        isName = asName;
        string.begin();
        state = State.STRING;
    }

    private void open(JsonKind kind, long at) throws JsonException {
        nesting.open(kind, at);
        state = kind == JsonKind.OBJECT ? State.FIRST_NAME : State.FIRST_ITEM;
        handler.open(kind, at);
    }

    private static void expect(boolean holds, String problem, long at) throws JsonException {
        if (!holds) {
            throw new JsonException(problem, at);
        }
    }

    /** The open objects and arrays. One thread at a time. */
    static final class Nesting {
        private static final int USUAL_DEPTH = 16;

        private final int most;
        private boolean[] objects = new boolean[USUAL_DEPTH];
        private int depth;

        Nesting(int most) {
            this.most = most;
        }

        void open(JsonKind kind, long at) throws JsonException {
            if (depth == most) {
                throw new JsonException("nested more than " + most + " deep", at);
            }
            if (depth == objects.length) {
                objects = Arrays.copyOf(objects, 2 * depth);
            }
            objects[depth++] = kind == JsonKind.OBJECT;
        }

        JsonKind close() {
            return objects[--depth] ? JsonKind.OBJECT : JsonKind.ARRAY;
        }

        boolean isRoot() {
            return depth == 0;
        }

        byte closingBracket() {
            return (byte) (inObject() ? '}' : ']');
        }

        /** Whether the innermost one is an object; at least one must be open. */
        boolean inObject() {
            return objects[depth - 1];
        }
    }

    /**
     * Receives the values that a {@link JsonScanner} finds, in document order and as positions only. All offsets count from the
     * first byte of the document. Positions are valid only if the whole scan succeeds. Called on the scanning thread.
     */
    public interface Handler {
        void open(JsonKind kind, long at) throws JsonException;

        void close(JsonKind kind, long at) throws JsonException;

        /** The name of a member, including its quotes: {@code from} inclusive, {@code to} exclusive. */
        void name(long from, long to) throws JsonException;

        void scalar(JsonKind kind, long from, long to) throws JsonException;
    }
}
